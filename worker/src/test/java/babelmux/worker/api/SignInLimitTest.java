package babelmux.worker.api;

import static babelmux.worker.api.SignInLimit.Attempt.RIGHT;
import static babelmux.worker.api.SignInLimit.Attempt.TOO_MANY;
import static babelmux.worker.api.SignInLimit.Attempt.WRONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignInLimitTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final InetAddress HERE = address("192.0.2.7");

  private final SignInLimit limit = new SignInLimit();

  /** A monotonic clock may stand anywhere. */
  private long now = Long.MAX_VALUE - 3 * SECOND;

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private SignInLimit.Attempt wrong(@Nullable InetAddress from) {
    return limit.attempt(from, now, () -> false);
  }

  private SignInLimit.Attempt right(@Nullable InetAddress from) {
    return limit.attempt(from, now, () -> true);
  }

  private void useUp(@Nullable InetAddress from) {
    for (int i = 0; i < 5; i++) {
      assertThat(wrong(from)).isEqualTo(WRONG);
    }
    assertThat(wrong(from)).isEqualTo(TOO_MANY);
  }

  @Test
  void afterFiveWrongOnesOneASecondIsLookedAt() {
    useUp(HERE);
    for (int i = 0; i < 20; i++) {
      now += SECOND - 1;
      assertThat(wrong(HERE)).isEqualTo(TOO_MANY);
      now += 1;
      assertThat(wrong(HERE)).isEqualTo(WRONG);
      assertThat(wrong(HERE)).isEqualTo(TOO_MANY);
    }
  }

  /** Else the answer would tell a guesser which one is right, as fast as they come. */
  @Test
  void whatComesTooEarlyIsNotLookedAtEvenIfItIsRight() {
    useUp(HERE);
    assertThat(
            limit.attempt(
                HERE,
                now,
                () -> {
                  throw new AssertionError("it was looked at");
                }))
        .isEqualTo(TOO_MANY);
    now += SECOND;
    assertThat(right(HERE)).isEqualTo(RIGHT);
  }

  @Test
  void askingTooEarlyDoesNotMakeItWorse() {
    useUp(HERE);
    for (int i = 0; i < 1000; i++) {
      assertThat(wrong(HERE)).isEqualTo(TOO_MANY);
    }
    now += SECOND;
    assertThat(right(HERE)).isEqualTo(RIGHT);
  }

  @Test
  void aRightOneTakesBackTheWrongOnes() {
    for (int i = 0; i < 4; i++) {
      assertThat(wrong(HERE)).isEqualTo(WRONG);
    }
    assertThat(right(HERE)).isEqualTo(RIGHT);
    assertThat(limit.size()).isZero();
    useUp(HERE);
  }

  @Test
  void timeTakesBackTheWrongOnes() {
    useUp(HERE);
    now += 5 * SECOND;
    useUp(HERE);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.8, true",
    "192.0.2.7, ::1, true",
    "2001:db8:1:1::1, 2001:db8:1:1:ffff::9, false",
    "2001:db8:1:1::1, 2001:db8:1:2::1, true",
    "192.0.2.7, ::ffff:192.0.2.7, false"
  })
  void othersAreNotSlowedDownButNeighboursInANetworkAre(
      String guesser, String other, boolean free) {
    useUp(address(guesser));
    assertThat(right(address(other))).isEqualTo(free ? RIGHT : TOO_MANY);
  }

  @Test
  void whoHasNoAddressIsOneOfThemToo() {
    useUp(null);
    assertThat(right(HERE)).isEqualTo(RIGHT);
  }

  @Test
  void theMemoryIsBounded() {
    useUp(HERE);
    for (int i = 0; i < 5000; i++) {
      wrong(address("10.1.%d.%d".formatted(i / 256, i % 256)));
      wrong(HERE);
      assertThat(limit.size()).isLessThanOrEqualTo(SignInLimit.MAX_ADDRESSES);
    }
    assertThat(limit.size()).isEqualTo(SignInLimit.MAX_ADDRESSES);
  }
}
