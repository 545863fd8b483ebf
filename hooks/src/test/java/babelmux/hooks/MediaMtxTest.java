package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server with the configuration and the hook that users get. */
@Tag("slow")
@SuppressWarnings("try") // a publisher is there by being open
class MediaMtxTest {

  private static final Duration SECONDS = Duration.ofSeconds(10);

  @TempDir Path folder;
  private HookServer babelmux;
  private MediaMtx mediamtx;
  private ControlApiClient api;

  @BeforeEach
  void start() throws Exception {
    Optional<Path> program = MediaMtx.program();
    assumeTrue(
        program.isPresent(),
        "no mediamtx (MEDIAMTX_BIN, PATH): hook and Control API were not tested with the real one");
    babelmux = new HookServer();
    mediamtx =
        new MediaMtx(
            program.orElseThrow(),
            Deploy.CONFIG,
            folder,
            Map.of(
                "BABELMUX_HOOK", Deploy.HOOK.toString(),
                // MediaMTX starts the program again 5 s after its end.
                "BABELMUX_HEARTBEAT_SECONDS", "1",
                "ORCHESTRATOR_URL", babelmux.url("/").toString()));
    api =
        new ControlApiClient(
            URI.create("http://127.0.0.1:" + mediamtx.apiPort),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2));
  }

  @AfterEach
  void stop() {
    if (api != null) {
      api.close();
    }
    if (mediamtx != null) {
      mediamtx.close();
    }
    if (babelmux != null) {
      babelmux.close();
    }
  }

  @Test
  void hookAndApiTellOfTheSameSource() throws Exception {
    assertThat(api.info()).isPresent();
    assertThat(api.paths()).isEqualTo(new PathListing(java.util.List.of(), true));
    assertThat(api.rtmpConnections()).isEmpty();

    try (RtspPublisher publisher =
        new RtspPublisher(mediamtx.rtspPort, "live/demo/in", "lang=es&x=a%20b")) {
      await().atMost(SECONDS).until(() -> !babelmux.ready.isEmpty());
      SourceEvent ready = babelmux.ready.get(0);
      assertThat(ready.streamId()).isEqualTo("demo");
      assertThat(ready.sourceType()).isEqualTo("rtspSession");
      assertThat(ready.query()).isEqualTo("lang=es&x=a%20b");

      ListedPath listed = api.paths().paths().get(0);
      assertThat(listed.name()).isEqualTo("live/demo/in");
      assertThat(listed.ready()).isTrue();
      assertThat(listed.sourceType()).isEqualTo(ready.sourceType());
      assertThat(listed.sourceId()).isEqualTo(ready.sourceId());
      assertThat(listed.tracks()).hasSize(1);

      // The hook program waits 25 s after an accepted ready, and MediaMTX starts it again after 5
      // s.
      await("the heartbeat").atMost(Duration.ofSeconds(60)).until(() -> babelmux.ready.size() > 1);
      assertThat(babelmux.ready.get(1).sourceId()).isEqualTo(ready.sourceId());
      assertThat(babelmux.notReady).isEmpty();
    }
    await().atMost(SECONDS).until(() -> !babelmux.notReady.isEmpty());
    assertThat(babelmux.notReady.get(0).sourceId()).isEqualTo(babelmux.ready.get(0).sourceId());
    assertThat(babelmux.rejected).isEmpty();
    assertThat(api.paths().paths()).noneMatch(ListedPath::ready);
  }

  @Test
  void replacedPublisherIsAdopted() throws Exception {
    SourcePairing pairing = new SourcePairing(Duration.ofMinutes(1), 100, System::nanoTime);
    try (RtspPublisher first = new RtspPublisher(mediamtx.rtspPort, "live/demo/in", "")) {
      await().atMost(SECONDS).until(() -> !babelmux.ready.isEmpty());
      String old = babelmux.ready.get(0).sourceId();
      assertThat(pairing.ready("live/demo/in", old)).isEqualTo(SourcePairing.Decision.START);
      try (RtspPublisher second = new RtspPublisher(mediamtx.rtspPort, "live/demo/in", "")) {
        await()
            .atMost(SECONDS)
            .until(() -> babelmux.ready.stream().anyMatch(e -> !e.sourceId().equals(old)));
        String now = babelmux.ready.get(babelmux.ready.size() - 1).sourceId();
        assertThat(pairing.ready("live/demo/in", now)).isEqualTo(SourcePairing.Decision.ADOPT);
        await().atMost(SECONDS).until(() -> !babelmux.notReady.isEmpty());
        assertThat(babelmux.notReady.get(0).sourceId()).isEqualTo(old);
        assertThat(pairing.notReady("live/demo/in", old)).isEqualTo(SourcePairing.Decision.IGNORE);
        assertThat(pairing.listed("live/demo/in", now, System.nanoTime()))
            .isEqualTo(SourcePairing.Decision.DUPLICATE);
        assertThat(api.paths().paths().get(0).sourceId()).isEqualTo(now);
      }
    }
  }

  @Test
  void outputsHaveNoHooksAndOtherPathsAreRefusedToThePublisher() throws Exception {
    try (RtspPublisher output = new RtspPublisher(mediamtx.rtspPort, "live/demo/out", "")) {
      await().atMost(SECONDS).until(() -> api.paths().paths().stream().anyMatch(ListedPath::ready));
      assertThatThrownBy(() -> new RtspPublisher(mediamtx.rtspPort, "live/my.show/in", ""))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ANNOUNCE");
    }
    await().atMost(SECONDS).until(() -> api.paths().paths().stream().noneMatch(ListedPath::ready));
    assertThat(babelmux.ready).isEmpty();
    assertThat(babelmux.notReady).isEmpty();
    assertThat(babelmux.rejected).isEmpty();
  }

  @Test
  void onlyTheDeprecatedNamesAreWarnedOf() throws Exception {
    assertThat(Files.readAllLines(mediamtx.log))
        .filteredOn(line -> line.contains("WAR") || line.contains("ERR"))
        .allMatch(line -> line.contains("runOnReady") || line.contains("runOnNotReady"));
  }
}
