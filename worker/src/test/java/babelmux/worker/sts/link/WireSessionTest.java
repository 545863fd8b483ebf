package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BreakerSettings;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsFragment;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session's limits, and what follows from a refusal in it. */
class WireSessionTest {
  private static final StsConfig CONFIG = MachineRig.config().maxInFlight(3).build();
  private static final long DEADLINE = 1_000;

  private final WireSession session = WireSession.open(CONFIG, 3, OptionalLong.empty());

  @ParameterizedTest
  @CsvSource({"2, 2", "3, 3", "9, 3", "11, 3", "0, 3", "-1, 3"})
  void theWindowIsTheSmallerOneAndOursWhenTheirsMakesNoSense(int asked, int window) {
    assertThat(WireSession.open(CONFIG, asked, OptionalLong.empty()).window()).isEqualTo(window);
  }

  @ParameterizedTest
  @CsvSource({"100, 100", "999999999, 10485760", "0, 10485760", "-5, 10485760"})
  void aMessageIsNotLongerThanEitherTakes(long payload, long max) {
    assertThat(WireSession.open(CONFIG, 3, OptionalLong.of(payload)).maxWireBytes()).isEqualTo(max);
  }

  private SentFragment sent(int tries) {
    WaitingFragment fragment =
        new WaitingFragment(
            new Submission(
                new StsFragment("f", 0, 1, 0, 288_000, 48_000, 2, "m4a", new byte[1], DEADLINE),
                DEADLINE,
                new CompletableFuture<>()),
            0,
            0,
            tries);
    StsBreaker breaker = new StsBreaker(BreakerSettings.DEFAULT, () -> 0, (from, to) -> {});
    StsBreaker.Permit permit = breaker.acquire();
    assertThat(permit).isNotNull();
    return new SentFragment(fragment, session, session.takeNumber(), 0, DEADLINE, permit);
  }

  private Refusal verdict(SentFragment fragment, String code) {
    return verdict(fragment, code, null, false);
  }

  private Refusal verdict(
      SentFragment fragment, String code, @Nullable Boolean retryable, boolean breakerOpened) {
    if (!fragment.acknowledged()) {
      session.refused(fragment.sequenceNumber());
    }
    return Refusal.of(
        fragment, session, MachineRig.error(code, "f", retryable), breakerOpened, DEADLINE - 1);
  }

  @Test
  void whatWasSentInAnEarlierSessionOnlyFallsBack() {
    SentFragment fragment = sent(0);
    WireSession next = WireSession.open(CONFIG, 3, OptionalLong.empty());
    assertThat(Refusal.of(fragment, next, MachineRig.error("QUEUE_FULL", "f", true), true, 0))
        .isEqualTo(Refusal.OF_EARLIER_SESSION);
  }

  @Test
  void whatCanSucceedLaterIsSentAgainAsOftenAsTheCodeAllows() {
    assertThat(verdict(sent(0), "QUEUE_FULL")).isEqualTo(Refusal.SEND_AGAIN);
    assertThat(verdict(sent(1), "QUEUE_FULL")).isEqualTo(Refusal.FALL_BACK);
    assertThat(verdict(sent(4), "RATE_LIMIT")).isEqualTo(Refusal.SEND_AGAIN);
    assertThat(verdict(sent(5), "RATE_LIMIT")).isEqualTo(Refusal.FALL_BACK);
    assertThat(verdict(sent(0), "QUEUE_FULL", false, false)).isEqualTo(Refusal.FALL_BACK);
    assertThat(verdict(sent(0), "STREAM_PAUSED", false, false)).isEqualTo(Refusal.SEND_AGAIN);
  }

  @Test
  void aNumberInDoubtIsAnEndOfTheSession() {
    assertThat(verdict(sent(0), "MALFORMED_DATA")).isEqualTo(Refusal.SESSION_IN_DOUBT);
    SentFragment acknowledged = sent(0);
    acknowledged.acknowledge();
    assertThat(verdict(acknowledged, "QUEUE_FULL")).isEqualTo(Refusal.SESSION_IN_DOUBT);
    SentFragment below = sent(0);
    sent(0);
    assertThat(verdict(below, "INVALID_AUDIO_FORMAT"))
        .as("a hole below a number in use")
        .isEqualTo(Refusal.SESSION_IN_DOUBT);
  }

  @Test
  void aSessionThatRefusesUntilTheBreakerOpensIsLeft() {
    assertThat(verdict(sent(0), "RATE_LIMIT", null, true)).isEqualTo(Refusal.SEND_AGAIN);
    assertThat(verdict(sent(0), "RATE_LIMIT", null, true)).isEqualTo(Refusal.SESSION_IN_DOUBT);
  }
}
