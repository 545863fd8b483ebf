package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Killed and started again on the same ports, as fault tests do. */
@Tag("slow")
@ExtendWith(ServerUnderTest.Lifecycle.class)
class KillConformanceTest {
  @ParameterizedTest
  @MethodSource("babelmux.origin.ServerUnderTest#kinds")
  void aKilledServerBreaksItsConnectionsAndComesBackOnItsPorts(ServerUnderTest.Kind kind)
      throws IOException {
    MediaServer server = ServerUnderTest.start(kind, OriginConfig.defaults());
    try {
      ApiClient api = new ApiClient(server.apiUrl(), null);
      try (RawRtmpClient client = new RawRtmpClient(server.rtmpUrl(), "live/x")) {
        server.kill();
        server.kill();
        assertThat(client.awaitClose(2000)).isTrue();
      }
      assertThatThrownBy(() -> api.get("/v3/info")).hasRootCauseInstanceOf(IOException.class);
      assertThatThrownBy(() -> new RawRtmpClient(server.rtmpUrl(), "live/x"))
          .isInstanceOf(IOException.class);
      server.restart();
      server.restart();
      assertThat(api.get("/v3/paths/list").body().getJsonArray("items")).isEmpty();
      new RawRtmpClient(server.rtmpUrl(), "live/x").hangUp();
    } finally {
      server.close();
      server.close();
    }
    assertThatThrownBy(server::restart).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("babelmux.origin.ServerUnderTest#kinds")
  void closingAServerTellsTheHooks(ServerUnderTest.Kind kind) throws IOException {
    HookLog hooks = new HookLog();
    OriginConfig config =
        OriginConfig.builder()
            .onReady(hooks.command("ready"))
            .onNotReady(hooks.command("notready"))
            .hookEnvironment(hooks.environment())
            .build();
    try (MediaServer server = ServerUnderTest.start(kind, config)) {
      RawRtmpClient publisher = RawRtmpClient.publisher(server.rtmpUrl(), "live/last", "in");
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(0, 2050));
      await().until(() -> hooks.runs("last", "ready").size() == 1);
    }
    assertThat(hooks.runs("last", "notready")).hasSize(1);
    hooks.delete();
  }
}
