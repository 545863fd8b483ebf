package babelmux.worker.sts.contract;

import static org.awaitility.Awaitility.await;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract with sts-echo. */
@Tag("slow")
class EchoContractTest extends TroubledContract {
  private static final String PLAN =
      """
      rules:
        - {stream: late*, session: 0, fragment: 1, do: late, ms: 500}
        - {stream: drop*, session: 0, fragment: 1, do: drop}
        - {stream: hole*, session: 0, fragment: 1.., do: drop}
        - {stream: double*, session: 0, fragment: 1, do: duplicate}
        - {stream: reorder*, session: 0, fragment: 1, do: reorder}
        - {stream: failed*, session: 0, fragment: 1, do: fail, code: MODEL_ERROR}
        - {stream: toolarge*, session: 0, fragment: 1, do: error, code: FRAGMENT_TOO_LARGE,
           shape: full}
        - {stream: cut*, session: 0, fragment: 1, do: disconnect, at: after_ack}
        - {stream: press*, session: 0, fragment: 1, do: backpressure, delay_ms: 200}
        - {stream: nonsense*, session: 0, fragment: 1, do: audio, mode: garbage}
        - {stream: silent*, session: 0, fragment: 1, do: audio, mode: missing}
        - {stream: text*, session: 0, fragment: 1, do: audio, mode: text}
        - {stream: stranger*, session: 0, fragment: 1, do: emit, event: 'fragment:processed',
           payload: {fragment_id: nobody, status: success}}
        - {stream: voice*, stage: init, session: 0, do: error, code: INVALID_VOICE_PROFILE}
        - {stream: mute*, stage: end, do: drop}
      """;

  private static @Nullable StsEcho echo;

  @BeforeAll
  static void start() throws Exception {
    echo =
        StsEcho.start(
            StsEchoConfig.builder()
                .port(0)
                .autoDisconnect(Duration.ofMillis(200))
                .faults(FaultPlan.parse(PLAN))
                .build());
  }

  @AfterAll
  static void stop() {
    if (echo != null) {
      echo.close();
    }
  }

  @Override
  URI service() {
    if (echo == null) {
      throw new IllegalStateException("sts-echo does not run");
    }
    return echo.url();
  }

  @Test
  void everyAnswerIsAcknowledgedSoThatTheServersCountFallsToZero() {
    try (Subject subject = new Subject(service(), "failed")) {
      subject.oneByOne(4);
      await()
          .until(
              () -> {
                JsonNode book = book(subject.streamId);
                return book.path("received").asInt() == 4 && book.path("inflight").asInt(-1) == 0;
              });
    }
  }

  private JsonNode book(String streamId) throws Exception {
    for (JsonNode session : Books.get(service(), "/drill/sessions")) {
      if (session.path("stream_id").asText().equals(streamId)) {
        return session;
      }
    }
    throw new AssertionError("no session of " + streamId);
  }
}
