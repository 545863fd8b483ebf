package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsSession;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosingHandshakeTest {

  @ParameterizedTest
  @CsvSource({"500, 500, 3000", "8000, 8000, 10000", "540000, 30000, 32000"})
  void eachStepHasItsLimit(long fragmentMillis, long drainMillis, long completeMillis) {
    StsSession session = new StsSession("en", "es", 48_000, 2, Duration.ofMillis(fragmentMillis));
    long now = Duration.ofHours(1).toNanos();
    ClosingHandshake draining = ClosingHandshake.begin("source_ended", session, now);
    assertThat(draining.shown()).isEqualTo(LinkState.DRAINING);
    assertThat(millis(draining, now)).isEqualTo(drainMillis);
    ClosingHandshake completing = draining.endSent(session, now);
    assertThat(completing.shown()).isEqualTo(LinkState.COMPLETING);
    assertThat(millis(completing, now)).isEqualTo(completeMillis);
    ClosingHandshake lingering = completing.completed(now);
    assertThat(lingering.shown()).isEqualTo(LinkState.LINGERING);
    assertThat(millis(lingering, now)).isEqualTo(5_000);
    assertThat(lingering.reason()).isEqualTo("source_ended");
  }

  private static long millis(ClosingHandshake handshake, long now) {
    return Duration.ofNanos(handshake.until() - now).toMillis();
  }
}
