package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.timeline.SampleRate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Output begins at 3 s: sample 0 has that time. */
class BypassTest implements SessionListener {
  private static final SampleRate RATE = new SampleRate(48_000);
  private static final long SECOND = 1_000_000;
  private static final int FRAME = 1024;
  private static final int FADE = 480;

  private final List<Bypass.Scheduled> switches = new ArrayList<>();
  private long bypassedUs;
  private Instant now = Instant.parse("2026-11-22T08:00:00Z");
  private final Bypass bypass = new Bypass(Duration.ofSeconds(3), false, () -> now);
  private long sample;

  @Override
  public void bypassSwitched(boolean on, long atUs) {
    switches.add(new Bypass.Scheduled(on, atUs));
  }

  @Override
  public void bypassed(long us) {
    bypassedUs += us;
  }

  private DubShare next() {
    DubShare share = bypass.next(RATE, sample, FRAME, this);
    sample += FRAME;
    return share;
  }

  private static float[] shares(DubShare share) {
    return Objects.requireNonNull(share.shares());
  }

  @Test
  void nothingIsLookedAtWhileNobodyBypasses() {
    assertThat(next()).isSameAs(DubShare.ALL);
    bypass.set(false);
    bypass.setAt(true, 4 * SECOND, 0);
    assertThat(next()).isSameAs(DubShare.ALL);
    assertThat(bypass.state().on()).isFalse();
    assertThat(bypass.state().since()).isNull();
    assertThat(switches).isEmpty();
    assertThat(bypassedUs).isZero();
  }

  @Test
  void atOnceIsTheNextFrameThatIsMixed() {
    next();
    bypass.set(true);
    Bypass.State asked = bypass.state();
    assertThat(asked.on()).isTrue();
    assertThat(asked.since()).isEqualTo(now);
    assertThat(asked.sinceUs()).isEqualTo(3 * SECOND + RATE.microsAt(FRAME));

    float[] shares = shares(next());
    assertThat(shares[0]).isOne();
    assertThat(shares[FADE / 2]).isBetween(0.49f, 0.51f);
    assertThat(shares[FADE + 1]).isZero();
    assertThat(shares[FRAME - 1]).isZero();
    assertThat(bypass.state()).isEqualTo(asked);
    assertThat(shares(next())).containsOnly(0f);
    assertThat(bypassedUs).isEqualTo(RATE.microsAt(2 * FRAME));

    now = now.plusSeconds(5);
    bypass.set(false);
    assertThat(bypass.state().since()).isEqualTo(now);
    assertThat(next().bypassed()).isFalse();
    assertThat(next()).isSameAs(DubShare.ALL);
    assertThat(bypassedUs).isEqualTo(RATE.microsAt(2 * FRAME));
    assertThat(switches)
        .containsExactly(
            new Bypass.Scheduled(true, 3 * SECOND + RATE.microsAt(FRAME)),
            new Bypass.Scheduled(false, 3 * SECOND + RATE.microsAt(3 * FRAME)));
  }

  @Test
  void whatIsAskedForTwiceIsSwitchedOnce() {
    next();
    bypass.set(true);
    Bypass.State first = bypass.state();
    now = now.plusSeconds(5);
    bypass.set(true);
    assertThat(bypass.state()).isEqualTo(first);
    next();
    bypass.set(true);
    next();
    assertThat(switches).hasSize(1);
  }

  @Test
  void aScheduledSwitchIsMadeAtItsSample() {
    long onUs = 3 * SECOND + RATE.microsAt(1500);
    long offUs = 3 * SECOND + RATE.microsAt(1500 + 100);
    assertThat(bypass.setAt(false, offUs, 0)).isEqualTo(Bypass.Verdict.DONE);
    assertThat(bypass.setAt(true, onUs, 0)).isEqualTo(Bypass.Verdict.DONE);
    assertThat(bypass.state().scheduled())
        .containsExactly(new Bypass.Scheduled(true, onUs), new Bypass.Scheduled(false, offUs));
    assertThat(next()).isSameAs(DubShare.ALL);
    float[] shares = shares(next());
    int at = 1500 - FRAME;
    assertThat(shares[at]).isOne();
    assertThat(shares[at + 1]).isLessThan(1f);
    assertThat(shares[at + 100]).as("turned round within its fade").isLessThan(shares[at + 99]);
    assertThat(shares[at + 101]).isGreaterThan(shares[at + 100]);
    assertThat(shares[at + 202]).isOne();
    assertThat(switches)
        .containsExactly(new Bypass.Scheduled(true, onUs), new Bypass.Scheduled(false, offUs));
    assertThat(bypass.state().scheduled()).isEmpty();
    assertThat(bypass.state().sinceUs()).isEqualTo(offUs);
    assertThat(bypassedUs).isEqualTo(RATE.microsAt(100));
  }

  @Test
  void aTimeThatIsPastOrMixedMeansNow() {
    next();
    long mixedUs = 3 * SECOND + RATE.microsAt(FRAME);
    bypass.setAt(true, mixedUs - 1, mixedUs - 300_000);
    assertThat(bypass.state().on()).isTrue();
    assertThat(next().bypassed()).isTrue();
    bypass.setAt(false, -7, mixedUs);
    assertThat(bypass.state().on()).isFalse();
    assertThat(bypass.state().scheduled()).isEmpty();
  }

  /** A gap in the output's times: there is no such sample, so it is the first one behind it. */
  @Test
  void aTimeWithinAGapIsTheEndOfTheGap() {
    bypass.setAt(true, 5 * SECOND, 0);
    next();
    sample += 4 * 48_000;
    assertThat(next().bypassed()).isTrue();
    assertThat(switches)
        .containsExactly(
            new Bypass.Scheduled(true, 3 * SECOND + RATE.microsAt(FRAME + 4 * 48_000)));
  }

  @Test
  void atOnceTakesBackWhatIsScheduled() {
    bypass.setAt(true, 10 * SECOND, 0);
    bypass.setAt(false, 20 * SECOND, 0);
    bypass.set(false);
    assertThat(bypass.state().scheduled()).isEmpty();
    assertThat(bypass.state().on()).isFalse();
  }

  @Test
  void anHourAheadIsTakenAndNoMore() {
    long hourUs = 3600 * SECOND;
    assertThat(bypass.setAt(true, 7 + hourUs, 7)).isEqualTo(Bypass.Verdict.DONE);
    assertThat(bypass.setAt(true, 8 + hourUs, 7)).isEqualTo(Bypass.Verdict.TOO_FAR);
    assertThat(bypass.state().scheduled()).hasSize(1);
  }

  @Test
  void moreThanTwentyDoNotWait() {
    for (int n = 1; n <= Bypass.MAX_SCHEDULED; n++) {
      assertThat(bypass.setAt(n % 2 == 1, n * SECOND, 0)).isEqualTo(Bypass.Verdict.DONE);
    }
    assertThat(bypass.setAt(true, 100 * SECOND, 0)).isEqualTo(Bypass.Verdict.FULL);
    assertThat(bypass.setAt(true, 20 * SECOND, 0))
        .as("the same time: another wish")
        .isEqualTo(Bypass.Verdict.DONE);
  }

  @Test
  void oneThatBeginsOnHasNoFade() {
    Bypass begun = new Bypass(Duration.ofSeconds(3), true, () -> now);
    assertThat(begun.state().on()).isTrue();
    assertThat(begun.state().since()).isEqualTo(now);
    assertThat(shares(begun.next(RATE, 0, FRAME, this))).containsOnly(0f);
    assertThat(switches).containsExactly(new Bypass.Scheduled(true, 3 * SECOND));
  }
}
