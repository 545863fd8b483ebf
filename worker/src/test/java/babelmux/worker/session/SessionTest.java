package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.worker.sound.SoundOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SessionTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");

  @Test
  @Timeout(30)
  void aFailureOfTheReaderIsTheReasonAndLeavesNothingOpen() throws Exception {
    CompletableFuture<@Nullable SessionFailure> failure = new CompletableFuture<>();
    Session session =
        new Session(
            "broken",
            FILM.toString(),
            List.of(),
            new SessionOptions(
                Duration.ofSeconds(8),
                Duration.ofSeconds(6),
                Duration.ZERO,
                Duration.ofSeconds(5),
                128_000,
                SoundOptions.DEFAULT,
                SessionOptions.LIVE_START),
            Runnable::run,
            format -> {
              throw new IllegalStateException("no link today");
            },
            new SessionListener() {
              @Override
              public void ended(@Nullable SessionFailure reason) {
                failure.complete(reason);
              }
            });
    session.start();
    session.over().get(20, TimeUnit.SECONDS);
    SessionFailure reason = Objects.requireNonNull(failure.join());
    assertThat(reason.ofSource()).isFalse();
    assertThat(reason.message()).contains("no link today");
    assertThat(Natives.live()).isZero();
  }
}
