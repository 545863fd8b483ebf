package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.faultproxy.FaultProxy;
import babelmux.origin.Credentials;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The output is read back: a server that takes it and lets no viewer in is named. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class OutputCheckIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CHECKS = "worker_output_checks_total";

  @Test
  void aServerThatLetsNoViewerInIsNamedUntilItDoes() throws Exception {
    OriginConfig readersHavePasswords =
        OriginConfig.builder().readCredentials(new Credentials("viewer", "geheim")).build();
    try (MediaServer server = MediaServer.start(Servers.current(), readersHavePasswords);
        FaultProxy proxy = FaultProxy.to(server.rtmpUrl());
        Running running =
            Running.start(
                StsEchoConfig.builder(),
                Map.of(
                    "mediamtx.rtmp-url",
                    "rtmp://viewer:geheim@127.0.0.1:" + proxy.port(),
                    "mediamtx.api-url",
                    server.apiUrl().toString(),
                    "mediamtx.reconcile-interval",
                    "1s",
                    "output.check-interval",
                    "1s"));
        MediaTask publisher =
            StreamPublisher.loop(
                Films.noBframes(), server.rtmpUrl() + "/live/seen/in", 3, LIMIT.plus(LIMIT))) {
      Running.await("it is seen", LIMIT, () -> check(running).equals("ok"));
      awaitCounted(running, "ok");
      assertThat(running.stream("seen").path("warnings")).isEmpty();
      assertThat(ready(running)).doesNotContain("read back");

      // New connections only: those that are there go on.
      proxy.refuse(true);
      Running.await("it is named", LIMIT, () -> check(running).equals("unreachable"));
      JsonNode named = running.stream("seen");
      assertThat(named.path("warnings").toString())
          .contains("/live/seen/out", "cannot be opened by a viewer (cannot open")
          .doesNotContain("geheim");
      assertThat(named.path("destinations").get(0).path("state").asText()).isEqualTo("up");
      assertThat(ready(running))
          .contains("\"status\":\"degraded\"", "read back", "unreachable")
          .doesNotContain("geheim");
      awaitCounted(running, "unreachable");

      proxy.refuse(false);
      Running.await("it is seen again", LIMIT, () -> check(running).equals("ok"));
      JsonNode after = running.stream("seen");
      assertThat(after.path("warnings")).isEmpty();
      assertThat(after.path("destinations").get(0).path("reconnects").asInt())
          .as("the stream was not disturbed")
          .isZero();
      assertThat(running.metric("worker_packets_dropped_total", "seen", "\"destination\""))
          .isZero();
      assertThat(publisher.said()).isEmpty();
    }
  }

  private static void awaitCounted(Running running, String result) {
    Running.await(
        result + " is counted",
        LIMIT,
        () -> running.metric(CHECKS, "seen", "result=\"%s\"".formatted(result)) > 0);
  }

  private static String check(Running running) throws InterruptedException {
    return running.stream("seen").path("destinations").path(0).path("check").asText();
  }

  private static String ready(Running running) throws InterruptedException {
    return Web.json(running.url("/health/ready")).toString();
  }
}
