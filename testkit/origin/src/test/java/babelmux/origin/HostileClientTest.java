package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client can make the embedded origin keep or answer before it was let in. */
class HostileClientTest {
  private final EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void aFloodOfCommandsIsNotAnsweredForever() throws IOException {
    try (RawRtmpClient client = new RawRtmpClient(origin.rtmpUrl(), "live/x")) {
      client.connect();
      try {
        for (int i = 0; i < 10_000; i++) {
          client.command("releaseStream", 0, null, "in");
        }
      } catch (IOException closed) {
        return;
      }
      assertThat(client.awaitClose(5_000)).isTrue();
    }
  }

  @Test
  void aLargeMessageBeforePublishingIsRefusedWithItsHeader() throws IOException {
    try (RawRtmpClient client = new RawRtmpClient(origin.rtmpUrl(), "live/x")) {
      client.connect();
      int length = 9 << 20;
      client.sendBytes(
          new byte[] {
            3, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length, 20, 0, 0, 0, 0
          });
      assertThat(client.awaitClose(5_000)).isTrue();
    }
  }
}
