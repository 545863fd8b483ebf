package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.meter.Level;
import babelmux.meter.Sound;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.ClipMaker;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Bed, loudness, limiter and the rules of fit through {@code babelmux dub}, on virtual time: a
 * source of one tone, dubs of another, measured on the decoded output.
 */
@Tag(Machine.OFFLINE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SoundIT {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;
  private static final int SOURCE_HZ = 1000;
  private static final int DUB_HZ = 3000;
  private static final List<Integer> DUBBED = List.of(0, 2, 3);
  private static final List<Integer> ORIGINAL = List.of(1, 4);

  private Path folder;

  @BeforeAll
  void folder() throws IOException {
    folder = Films.folder(SoundIT.class);
  }

  /** 30 s of 1 kHz. */
  private Path film(String name, double amplitude) throws Exception {
    Path film = folder.resolve(name);
    String sine =
        "aevalsrc=exprs='%1$.4f*sin(2*PI*%2$d*t)|%1$.4f*sin(2*PI*%2$d*t)':s=%3$d:d=30"
            .formatted(amplitude, SOURCE_HZ, RATE);
    ClipMaker.make("-f", "lavfi", "-i", sine, "-c:a", "aac", "-b:a", "256k", film.toString());
    return film;
  }

  /** Raw stereo samples of 3 kHz, louder and softer by the second. */
  private static String dub(double seconds, DoubleUnaryOperator amplitudeAt) {
    int frames = (int) Math.round(seconds * RATE);
    ByteBuffer out = ByteBuffer.allocate(frames * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < frames; n++) {
      double gain = amplitudeAt.applyAsDouble((double) n / RATE);
      short sample = (short) Math.round(32_767 * gain * Math.sin(2 * Math.PI * DUB_HZ * n / RATE));
      out.putShort(sample).putShort(sample);
    }
    return Base64.getEncoder().encodeToString(out.array());
  }

  private String dubbed(Path film, Path out, String dub, double seconds, String... options)
      throws Exception {
    ObjectNode plan = JsonNodeFactory.instance.objectNode();
    ArrayNode rules = plan.putArray("rules");
    for (int index : ORIGINAL) {
      ObjectNode rule = rules.addObject().put("fragment", index).put("do", "fail");
      rule.put("code", "MODEL_ERROR").put("message", "drill").put("retryable", false);
    }
    for (int index : DUBBED) {
      ObjectNode rule = rules.addObject().put("fragment", index).put("do", "patch");
      ObjectNode audio = rule.putObject("fields").putObject("dubbed_audio");
      audio.put("format", "pcm_s16le").put("sample_rate_hz", RATE).put("channels", 2);
      audio.put("duration_ms", Math.round(seconds * 1000)).put("data_base64", dub);
    }
    return Offline.dub(film, out, VoiceKind.ECHO, FaultPlan.read(plan), options);
  }

  /** Level of a tone in a slot, decibels below full scale. */
  private static double levelDb(Sound sound, double hertz, int slot, double from, double seconds) {
    float[] samples = sound.mono();
    int first = slot * SLOT + (int) Math.round(from * RATE);
    int count = (int) Math.round(seconds * RATE);
    double re = 0;
    double im = 0;
    for (int n = first; n < first + count; n++) {
      double angle = 2 * Math.PI * hertz * n / RATE;
      re += samples[n] * Math.cos(angle);
      im += samples[n] * Math.sin(angle);
    }
    return 20 * Math.log10(2 * Math.hypot(re, im) / count + 1e-9);
  }

  private static double decibels(double amplitude) {
    return 20 * Math.log10(amplitude);
  }

  private static void measured(String what, double value) {
    Report.measured(what, String.format(Locale.ROOT, "%.2f", value));
  }

  @Test
  void theBedIsDownWhileTheDubSpeaksAndUpInItsPauses() throws Exception {
    Path out = folder.resolve("bed.mp4");
    String said =
        dubbed(
            film("bed-in.m4a", 0.2),
            out,
            dub(6, second -> second >= 2 && second < 4 ? 0.2 : 0),
            6,
            "--bed-enabled",
            "--bed-level=-15dB");
    assertThat(said).contains("3 segments dubbed, 2 fell back to original audio", "3 exact");
    Sound sound = Sound.read(out);
    assertThat(sound.length()).isCloseTo(30 * RATE, within(1024));
    double open = decibels(0.2);
    for (int slot : DUBBED) {
      double before = levelDb(sound, SOURCE_HZ, slot, 0.5, 1.4);
      double under = levelDb(sound, SOURCE_HZ, slot, 2, 2);
      double after = levelDb(sound, SOURCE_HZ, slot, 4.5, 1);
      measured("bed, slot %d: source before speech, dB".formatted(slot), before - open);
      measured("bed, slot %d: source under speech, dB".formatted(slot), under - open);
      measured("bed, slot %d: source after speech, dB".formatted(slot), after - open);
      assertThat(before).isCloseTo(open, within(0.2));
      assertThat(under).isCloseTo(open - 15, within(0.3));
      assertThat(after).isCloseTo(open, within(0.2));
      assertThat(levelDb(sound, DUB_HZ, slot, 2.1, 1.8)).isCloseTo(decibels(0.2), within(0.2));
      assertThat(levelDb(sound, DUB_HZ, slot, 4.5, 1)).isLessThan(-60);
    }
    for (int slot : ORIGINAL) {
      assertThat(levelDb(sound, SOURCE_HZ, slot, 0.1, 5.5)).isCloseTo(open, within(0.1));
      assertThat(levelDb(sound, DUB_HZ, slot, 0.1, 5.5)).isLessThan(-70);
    }
  }

  @Test
  void withoutABedTheDubIsAlone() throws Exception {
    Path out = folder.resolve("alone.mp4");
    dubbed(film("alone-in.m4a", 0.2), out, dub(6, second -> 0.2), 6);
    Sound sound = Sound.read(out);
    for (int slot : DUBBED) {
      double under = levelDb(sound, SOURCE_HZ, slot, 0.1, 5.5);
      measured("no bed, slot %d: source under the dub, dBFS".formatted(slot), under);
      assertThat(under).isLessThan(-70);
    }
  }

  @Test
  void whatIsMixedStaysUnderItsPeakAndTheOriginalAsItIs() throws Exception {
    Path out = folder.resolve("limited.mp4");
    Path film = film("limited-in.m4a", 0.97);
    String dub = dub(6, second -> 0.9);
    dubbed(film, out, dub, 6, "--bed-enabled", "--bed-level=-6dB");
    Sound sound = Sound.read(out);
    for (int slot : DUBBED) {
      double peak =
          Level.of(sound, slot * SLOT + RATE / 10, (slot + 1) * SLOT - RATE / 10).truePeakDbtp();
      measured("limiter, slot %d: true peak, dBTP".formatted(slot), peak);
      assertThat(peak).as("-1 dBTP and what AAC adds").isBetween(-2.5, -0.7);
    }
    Path plain = folder.resolve("plain.mp4");
    // Encoded as well: at this level the coder changes it more than the limiter is allowed to.
    dubbed(film, plain, dub, 6, "--output-copy-audio=false");
    Sound unmixed = Sound.read(plain);
    for (int slot : ORIGINAL) {
      double level = levelDb(sound, SOURCE_HZ, slot, 0.2, 5.5);
      double wanted = levelDb(unmixed, SOURCE_HZ, slot, 0.2, 5.5);
      measured(
          "limiter, slot %d: original against the output without a bed, dB".formatted(slot),
          level - wanted);
      assertThat(level).as("never limited").isCloseTo(wanted, within(0.1));
    }
  }

  @Test
  void dubsAreAsLoudAsTheOriginal() throws Exception {
    Path out = folder.resolve("loudness.mp4");
    String dub = dub(6, second -> 0.2);
    Path film = film("loudness-in.m4a", 0.12);
    dubbed(film, out, dub, 6, "--loudness-match");
    Sound matched = Sound.read(out);
    double original = Level.of(matched, SLOT + RATE / 10, 2 * SLOT - RATE / 10).integratedLufs();
    measured("loudness: original slot, LUFS", original);
    for (int slot : DUBBED) {
      double lufs =
          Level.of(matched, slot * SLOT + RATE / 10, (slot + 1) * SLOT - RATE / 10)
              .integratedLufs();
      measured("loudness: dub in slot %d, LUFS".formatted(slot), lufs);
      assertThat(lufs).isCloseTo(original, within(0.5));
    }

    Path bounded = folder.resolve("bounded.mp4");
    dubbed(film, bounded, dub, 6, "--loudness-match", "--loudness-max-gain=3dB");
    Sound sound = Sound.read(bounded);
    for (int slot : DUBBED) {
      assertThat(levelDb(sound, DUB_HZ, slot, 0.1, 5.5))
          .as("no more than allowed")
          .isCloseTo(decibels(0.2) - 3, within(0.2));
    }
  }

  @Test
  void aLongDubIsSpokenFasterAndTheReportSaysHowMuch() throws Exception {
    Path film = film("fit-in.m4a", 0.2);
    Path out = folder.resolve("sped.mp4");
    String longer = dub(6.9, second -> 0.2);
    assertThat(dubbed(film, out, longer, 6.9)).contains("3 sped, tempo 1.150 to 1.150");
    Sound sound = Sound.read(out);
    assertThat(sound.length()).isCloseTo(30 * RATE, within(1024));
    for (int slot : DUBBED) {
      double level = levelDb(sound, DUB_HZ, slot, 0.1, 5.8);
      measured("sped 1.15, slot %d: dub at its own pitch, dBFS".formatted(slot), level);
      assertThat(level).isCloseTo(decibels(0.2), within(3.0));
    }
    String strict =
        dubbed(film, folder.resolve("strict.mp4"), longer, 6.9, "--fit-policy", "strict");
    assertThat(strict)
        .contains(
            "0 segments dubbed, 5 fell back to original audio", "3 refused", "invalid_output");
    String cut = dubbed(film, folder.resolve("cut.mp4"), longer, 6.9, "--fit-max-tempo", "1.1");
    assertThat(cut).contains("3 cut, tempo 1.100 to 1.100");
  }
}
