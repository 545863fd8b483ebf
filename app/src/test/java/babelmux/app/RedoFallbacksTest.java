package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioStreamDecoder;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code dub --redo-fallbacks}: a recording of which one slot fell back. */
@Tag("slow")
@Timeout(180)
class RedoFallbacksTest {
  private static final String FILM = "../fixtures/30s-counting-english.mp4";
  private static final String STEM = "20261122T075001Z";
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int dub(StsEcho echo, String... arguments) {
    List<String> all = new ArrayList<>(List.of("dub", "--sts-url", echo.url().toString()));
    all.addAll(List.of(arguments));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private static StsEchoConfig.Builder counting() {
    return StsEchoConfig.builder()
        .port(0)
        .autoDisconnect(Duration.ZERO)
        .voice(VoiceKind.COUNTING_ES);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  /** A film's video packets as text, and its sound from time 0 on. */
  private record Media(List<String> video, float[] sound) {}

  private static Media read(Path file) throws Exception {
    List<String> video = new ArrayList<>();
    float[] all = new float[31 * RATE];
    try (Source source = Source.open(file.toString(), SourceOptions.defaults());
        AudioStreamDecoder decoder =
            new AudioStreamDecoder(Objects.requireNonNull(source.audio()))) {
      for (Packet next = source.read(); next != null; next = source.read()) {
        try (Packet packet = next) {
          if (packet.kind() == TrackKind.VIDEO) {
            video.add(packet.ptsUs() + " " + Arrays.hashCode(packet.bytes()));
          } else {
            long startUs = packet.ptsUs();
            decoder.decode(packet, 0, (at, sound) -> put(sound, startUs, all));
          }
        }
      }
    }
    return new Media(video, all);
  }

  private static void put(Sound sound, long startUs, float[] all) {
    int from = (int) Math.round(startUs * (double) RATE / 1e6);
    for (int n = 0; n < sound.frames(); n++) {
      if (from + n >= 0 && from + n < all.length) {
        all[from + n] = sound.channels()[0][n];
      }
    }
  }

  /** RMS of what two sounds differ by, from a second of the film to another. */
  private static double difference(Media one, Media other, int fromSample, int toSample) {
    double sum = 0;
    for (int n = fromSample; n < toSample; n++) {
      double d = one.sound()[n] - other.sound()[n];
      sum += d * d;
    }
    return Math.sqrt(sum / (toSample - fromSample));
  }

  /** As {@code serve} describes it; slot 1 has fallen back, slot 3 was vetoed. */
  private void describe() throws Exception {
    StringBuilder slots = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      String what =
          switch (i) {
            case 1 -> "\"original\",\"reason\":\"timeout\",\"detail\":\"late\"";
            case 3 -> "\"dub\",\"reason\":\"veto\",\"detail\":\"kept off air\"";
            default -> "\"dub\",\"reason\":null,\"detail\":null";
          };
      slots.append(i == 0 ? "" : ",");
      slots.append(
          "{\"number\":%d,\"startSample\":%d,\"endSample\":%d,\"sound\":%s,\"transcript\":null,\"translation\":null,\"aired\":%b}"
              .formatted(i + 10, i * SLOT, (i + 1) * SLOT, what, i != 1 && i != 3));
    }
    Files.writeString(
        file(STEM + ".json"),
        "{\"format\":\"babelmux-recording-1\",\"streamId\":\"demo\",\"media\":\"%s.mp4\",\"sourceLanguage\":\"en\",\"targetLanguage\":\"es\",\"sampleRateHz\":48000,\"slots\":[%s]}"
            .formatted(STEM, slots));
    Files.writeString(
        file(STEM + ".target.vtt"),
        "WEBVTT\n\n00:00:00.500 --> 00:00:05.000\nfirst\n\n00:00:12.500 --> 00:00:17.000\nthird\n\n");
  }

  @Test
  void theFallbacksAreDubbedAndAllElseStays() throws Exception {
    FaultPlan plan =
        FaultPlan.parse("rules: [{fragment: 1, do: fail, code: MODEL_ERROR, retryable: false}]");
    Path recording = file(STEM + ".mp4");
    try (StsEcho failing = StsEcho.start(counting().faults(plan).build())) {
      assertThat(dub(failing, FILM, recording.toString())).as(err.toString()).isZero();
    }
    describe();
    byte[] before = Files.readAllBytes(recording);
    try (StsEcho echo = StsEcho.start(counting().build())) {
      assertThat(dub(echo, FILM, file("all.mp4").toString())).isZero();
      String json = file(STEM + ".json").toString();
      assertThat(dub(echo, "--redo-fallbacks", json)).as(err.toString()).isZero();
      assertThat(out.toString()).contains(STEM + ".redone.mp4", "1 segments dubbed, 0 fell back");
      assertThat(dub(echo, "--redo-fallbacks", json)).as("nothing is replaced").isEqualTo(2);
      assertThat(dub(echo, "--redo-fallbacks", FILM)).isEqualTo(2);
      assertThat(dub(echo, "--redo-fallbacks", json, "a.mp4", "b.mp4")).isEqualTo(2);
      assertThat(dub(echo, FILM)).isEqualTo(2);
      assertThat(err.toString()).contains("is free", "expected a name such as", "'OUT'");
    }
    assertThat(Files.readAllBytes(recording)).isEqualTo(before);
    assertSound(recording);
    assertDescribed();
  }

  private void assertSound(Path recording) throws Exception {
    Media old = read(recording);
    Media all = read(file("all.mp4"));
    Media redone = read(file(STEM + ".redone.mp4"));
    assertThat(redone.video()).isEqualTo(old.video()).hasSize(900);
    int edge = RATE / 20;
    assertThat(difference(redone, old, SLOT + edge, 2 * SLOT - edge)).isGreaterThan(0.03);
    assertThat(difference(redone, all, SLOT + edge, 2 * SLOT - edge)).isLessThan(0.01);
    assertThat(difference(redone, old, edge, SLOT - edge)).isLessThan(0.01);
    assertThat(difference(redone, old, 2 * SLOT + edge, 5 * SLOT - edge)).isLessThan(0.01);
  }

  private void assertDescribed() throws Exception {
    JsonNode json = new JsonMapper().readTree(file(STEM + ".redone.json").toFile());
    assertThat(json.path("redoneFrom").asText()).isEqualTo(STEM + ".mp4");
    assertThat(json.path("slots")).hasSize(5);
    JsonNode slot = json.at("/slots/1");
    assertThat(slot.path("number").asInt()).isEqualTo(11);
    assertThat(slot.path("sound").asText()).isEqualTo("dub");
    assertThat(slot.path("reason").isNull()).isTrue();
    assertThat(slot.path("aired").asBoolean()).isTrue();
    assertThat(slot.path("translation").asText()).contains("siete");
    assertThat(json.at("/slots/3/reason").asText()).isEqualTo("veto");
    assertThat(Files.readString(file(STEM + ".redone.target.vtt")))
        .containsSubsequence("first", "00:00:06.", "siete", "third");
  }
}
