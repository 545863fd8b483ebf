package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.e2e.Answers.Container;
import babelmux.e2e.Answers.Form;
import babelmux.e2e.Answers.Kind;
import babelmux.meter.Sound;
import babelmux.meter.Tones;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.ClipMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A tone through {@code dub}: from the original to dubs in every container, from dub to dub and
 * back, and as an echo. What is measured stands in {@code target/e2e/JointsIT/joints.md}.
 */
@Tag(Machine.OFFLINE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JointsIT {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;
  private static final double THD_PLUS_NOISE_DB = -50;
  private static final double RESIDUAL_DB = -50;

  /** 1 kHz at -12 dBFS on both channels. */
  private static final String TONE = "aevalsrc=0.25*sin(2*PI*1000*t)|0.25*sin(2*PI*1000*t):s=48000";

  private Path folder;
  private QualityTable joints;

  @BeforeAll
  void folder() throws IOException {
    folder = Films.folder(JointsIT.class);
    joints =
        new QualityTable(
            folder.resolve("joints.md"),
            "from, to",
            "samples missing",
            "residual, dB",
            "largest step",
            "level, dB",
            "THD+N of what follows, dB");
  }

  /** Original audio that is AAC leaves as it came, so a joint is one between two encoders. */
  @ParameterizedTest
  @CsvSource({"wav, pcm_s24le, 0", "m4a, aac, 0.7"})
  void aToneThroughEveryJoint(String suffix, String codec, double leastCopied) throws Exception {
    Path tone = folder.resolve("tone.wav");
    ClipMaker.make("-f", "lavfi", "-i", TONE + ":d=8", "-c:a", "pcm_s24le", tone.toString());
    List<Kind> kinds = new ArrayList<>();
    for (Container container : Container.values()) {
      kinds.add(new Kind(1, container, Form.STEREO_48K));
    }
    kinds.add(new Kind(1, Container.WAV, Form.STEREO_44K1));
    kinds.add(new Kind(1, Container.WAV, Form.MONO_16K));
    String prefix = codec.equals("aac") ? "source aac: " : "";
    Answers answers = new Answers(folder, tone, 1);
    List<String> names = new ArrayList<>();
    List<Boolean> exact = new ArrayList<>();
    for (Kind kind : kinds) {
      answers.fail(names.size());
      names.add("original");
      exact.add(true);
      for (int twice = 0; twice < 2; twice++) {
        answers.answer(names.size(), kind);
        names.add(kind.toString());
        exact.add(kind.container().isLossless());
      }
    }
    answers.fail(names.size());
    names.add("original");
    exact.add(true);
    Path film = folder.resolve("tone-film." + suffix);
    List<String> clip = new ArrayList<>(List.of("-stream_loop", "-1", "-i", tone.toString()));
    clip.addAll(List.of("-t", Integer.toString(6 * names.size()), "-c:a", codec));
    clip.addAll(coder(codec));
    clip.add(film.toString());
    ClipMaker.make(clip.toArray(String[]::new));
    Path out = folder.resolve("tone-out-" + suffix + ".mp4");

    Offline.dub(film, out, VoiceKind.ECHO, answers.plan());

    Sound heard = Sound.read(out);
    Tones tones = Tones.of(heard, 0);
    List<String> faults = new ArrayList<>();
    for (int slot = 1; slot < names.size(); slot++) {
      String passage = names.get(slot - 1) + " to " + names.get(slot);
      Tones.Joint joint = tones.joint(1000, slot * SLOT);
      int end = Math.min(heard.length(), (slot + 1) * SLOT) - RATE / 10;
      Tones.Purity purity = tones.purity(1000, slot * SLOT + RATE / 10, end);
      joints.row(
          prefix + passage,
          joint.slipSamples(),
          joint.residualDb(),
          joint.largestStep(),
          joint.levelStepDb(),
          purity.thdPlusNoiseDb());
      if (exact.get(slot - 1) && exact.get(slot)) {
        if (Math.abs(joint.slipSamples()) > 0.1) {
          faults.add(passage + ": samples missing: " + joint.slipSamples());
        }
        if (joint.residualDb() > RESIDUAL_DB) {
          faults.add(passage + ": a residual of " + joint.residualDb() + " dB");
        }
        if (joint.largestStep() > 1.05) {
          faults.add(passage + ": a step of " + joint.largestStep() + " of the tone's own");
        }
        if (purity.thdPlusNoiseDb() > THD_PLUS_NOISE_DB) {
          faults.add(passage + ": THD+N of " + purity.thdPlusNoiseDb() + " dB");
        }
      }
    }
    assertThat(faults).isEmpty();
    long originals = names.stream().filter("original"::equals).count();
    double frames = 6.0 * RATE / 1024 * originals;
    List<String> same = hashes(out);
    same.retainAll(new HashSet<>(hashes(film)));
    assertThat(same.size() / frames).as("of the original's packets").isBetween(leastCopied, 1.01);
  }

  /** Of the two coders of FFmpeg the one that leaves more of the limit to what is measured. */
  private static List<String> coder(String codec) {
    return codec.equals("aac") ? List.of("-aac_coder", "fast") : List.of();
  }

  /** The hash of each packet of audio. */
  private List<String> hashes(Path film) throws Exception {
    Path list = folder.resolve(film.getFileName() + ".md5");
    ClipMaker.make(
        "-i", film.toString(), "-map", "0:a", "-c", "copy", "-f", "framemd5", list.toString());
    return Files.readAllLines(list).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * Coded two times: in the source or, where that is samples, for the service; and in the output.
   */
  @ParameterizedTest
  @CsvSource({"wav, pcm_s16le", "m4a, aac"})
  void anEchoedToneHasNoJoints(String suffix, String codec) throws Exception {
    Path film = folder.resolve("echo-tone." + suffix);
    List<String> clip =
        new ArrayList<>(List.of("-f", "lavfi", "-i", TONE + ":d=30", "-c:a", codec));
    clip.addAll(coder(codec));
    clip.add(film.toString());
    ClipMaker.make(clip.toArray(String[]::new));
    Path out = folder.resolve("echo-" + suffix + ".mp4");

    Offline.dub(film, out, VoiceKind.ECHO, FaultPlan.NONE);

    Tones tones = Tones.of(Sound.read(out), 0);
    Tones.Purity whole = tones.purity(1000, RATE / 5, 30 * RATE - RATE / 5);
    for (int slot = 1; slot < 5; slot++) {
      Tones.Joint joint = tones.joint(1000, slot * SLOT);
      joints.row(
          "echo to echo, source " + codec,
          joint.slipSamples(),
          joint.residualDb(),
          joint.largestStep(),
          joint.levelStepDb(),
          whole.thdPlusNoiseDb());
      assertThat(joint.slipSamples()).isCloseTo(0, within(0.1));
      assertThat(joint.largestStep()).isLessThan(1.05);
    }
    assertThat(whole.slipSamples()).isCloseTo(0, within(0.1));
    assertThat(whole.thdPlusNoiseDb()).isLessThanOrEqualTo(THD_PLUS_NOISE_DB);
  }
}
