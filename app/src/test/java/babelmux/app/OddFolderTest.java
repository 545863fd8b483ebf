package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The demo's origin finds its hook program, wherever the clone lies; on MediaMTX, too, if found.
 */
class OddFolderTest {
  private static final Path FILM = Path.of("../fixtures/30s-counting-english.mp4");

  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"none", "auto"})
  void aPathWithBlanksQuotesAndDollars(String mediaMtx) throws Exception {
    Path folder = Files.createDirectories(temp.resolve("a b'c \"d\" $HOME ${x}"));
    Path called = temp.resolve("called");
    Path hook = folder.resolve("mtx-hook");
    Files.writeString(hook, "#!/bin/sh\necho \"$1 $MTX_PATH\" >>'" + called + "'\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    OriginConfig config = LocalStackFactory.originConfig(hook, URI.create("http://127.0.0.1:1"));

    try (MediaServer server = MediaServer.start(mediaMtx, config);
        MediaTask publisher = StreamPublisher.publish(FILM, server.rtmpUrl() + "/live/odd/in", 3)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(called));

      assertThat(publisher.said()).isEmpty();
      assertThat(Files.readString(called)).isEqualTo("ready live/odd/in\n");
    }
  }
}
