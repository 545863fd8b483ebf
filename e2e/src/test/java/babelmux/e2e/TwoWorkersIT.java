package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.demo.Web;
import babelmux.origin.FreePort;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Two workers on one media server take the same stream: one of them gives it up, and says why. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class TwoWorkersIT {
  private static final String ID = "contested";

  @Test
  @Timeout(180)
  void oneOfTwoWorkersGivesTheStreamUp() throws Exception {
    Map<String, String> settings = Map.of("mediamtx.reconcile-interval", "1s");
    int port = FreePort.onLoopback();
    try (Running running = Running.start(StsEchoConfig.builder(), settings)) {
      Map<String, String> second = new HashMap<>(settings);
      second.put("http.port", Integer.toString(port));
      second.put("mediamtx.rtmp-url", running.stack().server().rtmpUrl().toString());
      second.put("mediamtx.api-url", running.stack().server().apiUrl().toString());
      second.put("delay", Running.DELAY.toMillis() + "ms");
      second.put("source.grace", "1s");
      second.put("sts.skip", "true");
      String url = "http://127.0.0.1:" + port + "/v1/streams/" + ID;
      try (LocalStack.Worker other = LocalStackFactory.worker(second);
          MediaTask publisher = running.publish(ID, Films.noBframes())) {
        assertThat(other).isNotNull();
        Running.await(
            "one worker gives the stream up and the other one is on air",
            Duration.ofSeconds(60),
            () -> {
              List<JsonNode> both = List.of(running.stream(ID), Web.json(url));
              return both.stream().filter(TwoWorkersIT::hasGivenUp).count() == 1
                  && both.stream().filter(TwoWorkersIT::isUp).count() == 1;
            });
        assertThat(publisher.said()).isEmpty();
      }
    }
  }

  private static boolean hasGivenUp(JsonNode stream) {
    return stream.path("state").asText().equals("FAILED")
        && stream.at("/reason/message").asText().contains("another worker publishes to live/" + ID);
  }

  private static boolean isUp(JsonNode stream) {
    return stream.path("state").asText().equals("LIVE")
        && stream.at("/destinations/0/state").asText().equals("up");
  }
}
