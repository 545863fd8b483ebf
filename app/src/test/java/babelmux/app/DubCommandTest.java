package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code dub} against a service of one's own, on real sockets. */
@Tag("slow")
@Timeout(180)
class DubCommandTest {
  private static final Pattern ORIGINAL =
      Pattern.compile("segment (\\d+) \\(from (\\d+\\.\\d) s\\)");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int dub(URI service, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "dub",
                "../fixtures/30s-counting-english.mp4",
                folder.resolve("out.mp4").toString(),
                "--sts-url",
                service.toString()));
    args.addAll(List.of(more));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args.toArray(String[]::new));
  }

  private static StsEchoConfig.Builder service() {
    return StsEchoConfig.builder().port(0).autoDisconnect(Duration.ZERO);
  }

  @Test
  void usesTokenAndPathOfTheService() throws Exception {
    try (StsEcho echo = StsEcho.start(service().path("/ws/sts").token("k3y").build())) {
      URI withPath = URI.create(echo.url() + "/ws/sts");
      assertThat(dub(withPath, "--sts-token", "k3y", "--strict")).as(err.toString()).isZero();
      assertThat(out.toString())
          .contains("5 segments dubbed, 0 fell back to original audio")
          .doesNotContain("dead");
      assertThat(dub(echo.url(), "--sts-path", "/ws/sts", "--sts-token", "wrong")).isEqualTo(1);
      assertThat(err.toString()).contains("AUTH_FAILED").doesNotContain("wrong");
    }
  }

  @Test
  void saysThatDubsAreDead() throws Exception {
    FaultPlan silent = FaultPlan.parse("rules: [{do: audio, mode: silent}]");
    try (StsEcho echo = StsEcho.start(service().faults(silent).build())) {
      assertThat(dub(echo.url())).as(err.toString()).isZero();
      assertThat(out.toString())
          .contains(
              "5 segments dubbed", "5 dead dubs: the STS answers with silence while the source");
    }
  }

  @Test
  void asksForTheVoiceThatIsSet() throws Exception {
    try (StsEcho echo = StsEcho.start(service().build())) {
      Socket monitor = monitor(echo);
      BlockingQueue<String> inits = new LinkedBlockingQueue<>();
      monitor.on("stream:init", told -> inits.add(String.valueOf(told[0])));
      assertThat(dub(echo.url(), "--sts-voice-profile", "anna-2")).as(err.toString()).isZero();
      assertThat(inits.poll(30, TimeUnit.SECONDS)).contains("\"voice_profile\":\"anna-2\"");
      monitor.close();
    }
  }

  private static Socket monitor(StsEcho echo) {
    IO.Options options =
        IO.Options.builder()
            .setTransports(new String[] {"websocket"})
            .setForceNew(true)
            .setAuth(Map.of("role", "monitor"))
            .build();
    Socket monitor = IO.socket(echo.url(), options);
    monitor.connect();
    await().atMost(30, TimeUnit.SECONDS).until(monitor::connected);
    return monitor;
  }

  @Test
  void refusesAVoiceThatNoServiceCanHave() throws Exception {
    try (StsEcho echo = StsEcho.start(service().build())) {
      assertThat(dub(echo.url(), "--sts-voice-profile", "no such voice")).isEqualTo(2);
      assertThat(err.toString()).contains("sts.voice-profile");
    }
  }

  @Test
  void speaksInTheNamespaceThatIsSet() throws Exception {
    try (StsEcho echo = StsEcho.start(service().build())) {
      assertThat(dub(echo.url(), "--sts-namespace", "/elsewhere")).isEqualTo(1);
      assertThat(err.toString()).contains("namespace /elsewhere");
    }
  }

  @Test
  void saysWhereASegmentBeginsThatWasNotDubbedAndFailsIfStrict() throws Exception {
    FaultPlan plan =
        FaultPlan.parse("rules: [{fragment: 1, do: fail, code: MODEL_ERROR, retryable: true}]");
    try (StsEcho echo = StsEcho.start(service().faults(plan).build())) {
      assertThat(dub(echo.url(), "--segment-quiet-cut")).as(err.toString()).isZero();
      Matcher original = ORIGINAL.matcher(out.toString());
      assertThat(original.find()).as(out.toString()).isTrue();
      assertThat(original.group(1)).isEqualTo("1");
      assertThat(Double.parseDouble(original.group(2)))
          .as("cut at pauses in speech, not on the grid")
          .isBetween(5.0, 7.0)
          .isNotEqualTo(6.0);
      assertThat(dub(echo.url(), "--strict")).isEqualTo(1);
    }
  }
}
