package babelmux.worker.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.protocol.Backpressure;
import babelmux.stsecho.protocol.Dialect;
import babelmux.worker.sts.StsOutcome.Dub;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A burst against a server that asks for a pause and never releases it. */
@Timeout(60)
class StsLinkPressureTest {

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void everyFragmentOfABurstIsDubbedAlthoughThePauseIsNeverReleased(Dialect dialect)
      throws Exception {
    ConcurrentLinkedQueue<BackpressureAction> asked = new ConcurrentLinkedQueue<>();
    StsObserver observer =
        new StsObserver() {
          @Override
          public void backpressure(BackpressureAction action, BackpressureSeverity severity) {
            asked.add(action);
          }
        };
    StsEchoConfig config =
        StsEchoConfig.builder()
            .port(0)
            .dialect(dialect)
            .processingDelay(Duration.ofMillis(50))
            .backpressure(new Backpressure.Thresholds(0.5, 0.7, 0.9))
            .build();
    try (StsEcho echo = StsEcho.start(config);
        StsLinks links = new StsLinks(StsConfig.builder(echo.url()).build())) {
      StsLink link =
          links.open(
              "demo", new StsSession("en", "es", 48_000, 2, Duration.ofSeconds(8)), observer);
      await().until(link::ready);
      List<CompletableFuture<StsOutcome>> burst =
          IntStream.range(0, 8).mapToObj(i -> link.submit(fragment(link, i))).toList();
      for (CompletableFuture<StsOutcome> result : burst) {
        assertThat(result.join()).isInstanceOf(Dub.class);
        ((Dub) result.join()).used(true);
      }
      assertThat(asked).contains(BackpressureAction.PAUSE);
      await().until(() -> link.status().state() == LinkState.READY);
      assertThat(link.status().inFlight()).isZero();
    }
  }

  private static StsFragment fragment(StsLink link, long index) {
    return new StsFragment(
        UUID.randomUUID().toString(),
        index,
        link.generation(),
        0,
        288_000,
        48_000,
        2,
        "m4a",
        new byte[1_000],
        System.nanoTime() + 30_000_000_000L);
  }
}
