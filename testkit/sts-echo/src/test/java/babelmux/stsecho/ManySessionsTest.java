package babelmux.stsecho;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Twenty sessions side by side: order kept, faults where they were asked for, nothing mixed up. */
@Tag("slow")
class ManySessionsTest {
  private static final int SESSIONS = 20;
  private static final int FRAGMENTS = 12;

  @Test
  void sessionsKeepToThemselves() throws Exception {
    StsEchoConfig config =
        StsEchoConfig.builder()
            .port(0)
            .voice(VoiceKind.ECHO)
            .faults(
                FaultPlan.parse(
                    """
                    rules:
                      - {stream: stream-7, fragment: every 3, do: drop}
                      - {stream: "stream-1*", do: delay, jitter_ms: 100}
                    """))
            .build();
    List<TestClient> clients = new ArrayList<>();
    try (StsEcho server = StsEcho.start(config)) {
      for (int n = 0; n < SESSIONS; n++) {
        TestClient client = TestClient.connect(server);
        clients.add(client);
        client.begin("stream-" + n);
      }
      for (int n = 0; n < FRAGMENTS; n++) {
        for (TestClient client : clients) {
          client.emit("fragment:data", TestClient.fragment(n, sound(clients.indexOf(client), n)));
        }
      }
      for (int n = 0; n < SESSIONS; n++) {
        TestClient client = clients.get(n);
        client.await("fragment:processed", n == 7 ? 8 : FRAGMENTS);
        if (n != 7) {
          assertThat(client.processed()).isEqualTo(TestClient.upTo(FRAGMENTS));
        }
        for (var answer : client.all("fragment:processed")) {
          assertThat(answer.at("/dubbed_audio/data_base64").asText())
              .isEqualTo(sound(n, answer.get("sequence_number").asInt()));
        }
      }
      assertThat(clients.get(7).processed()).containsExactly(0, 1, 3, 4, 6, 7, 9, 10);
    } finally {
      clients.forEach(TestClient::close);
    }
  }

  private static String sound(int session, int fragment) {
    byte[] bytes = new byte[5000];
    bytes[0] = (byte) session;
    bytes[1] = (byte) fragment;
    return Base64.getEncoder().encodeToString(bytes);
  }
}
