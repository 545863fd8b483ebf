package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.media.Natives;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import babelmux.worker.config.ConfigLoader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** A run that is ended in the middle of its publishing. Alone: it counts what the process has. */
@Tag("slow")
@Isolated
@Timeout(60)
class DoctorEndTest {
  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("doctor"))
        .count();
  }

  @Test
  void noThreadAndNoNativeObjectStays() throws Exception {
    long nativesBefore = Natives.live();
    long threadsBefore = threads();
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults())) {
      Map<String, String> settings =
          Map.of(
              "http.port",
              "0",
              "mediamtx.rtmp-url",
              origin.rtmpUrl().toString(),
              "mediamtx.api-url",
              origin.apiUrl().toString(),
              "sts.skip",
              "true");
      Setup setup = Setup.of("test", ConfigLoader.load(settings, Map.of(), null), Map.of());
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread looking =
          new Thread(
              () -> {
                try (LonePort port = new LonePort(setup.config())) {
                  Doctor.look(setup, port.host(), true);
                  interrupted.complete(false);
                } catch (InterruptedException e) {
                  interrupted.complete(true);
                } catch (RuntimeException | Error e) {
                  interrupted.completeExceptionally(e);
                }
              });
      looking.start();
      // Two publishers and two readers, with what they send and decode.
      await()
          .atMost(20, TimeUnit.SECONDS)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> Natives.live() > nativesBefore + 3);
      assertThat(threads()).isGreaterThan(threadsBefore);
      looking.interrupt();
      assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
      await().atMost(10, TimeUnit.SECONDS).until(() -> Natives.live() == nativesBefore);
    }
    await().atMost(10, TimeUnit.SECONDS).until(() -> threads() == threadsBefore);
  }
}
