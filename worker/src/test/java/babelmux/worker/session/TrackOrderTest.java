package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrackOrderTest {
  private final TrackOrder order = new TrackOrder(200_000);

  @Test
  void aPacketLeavesWhenTheOtherTrackHasCaughtUp() {
    order.read(false, 40_000);
    order.read(true, 21_000);
    assertThat(order.settledUs(true)).isEqualTo(21_000);
    order.read(true, 42_000);
    assertThat(order.settledUs(true)).isEqualTo(40_000);
  }

  @Test
  void aTrackThatHasStoppedIsNotWaitedFor() {
    order.read(true, 0);
    order.read(false, 150_000);
    assertThat(order.settledUs(true)).isZero();
    order.read(false, 1_000_000);
    assertThat(order.settledUs(true)).isEqualTo(800_000);
  }

  @Test
  void oneTrackAloneWaitsForNothing() {
    order.read(true, 64_000);
    assertThat(order.settledUs(false)).isEqualTo(64_000);
  }

  @Test
  void afterARestartOnlyWhatIsReadCounts() {
    assertThat(order.settledUs(true)).as("nothing was read").isEqualTo(Long.MIN_VALUE);
    order.read(true, 9_000_000);
    order.read(false, 9_000_000);
    order.restart();
    order.read(true, 5_000_000);
    assertThat(order.newestUs()).isEqualTo(5_000_000);
    assertThat(order.settledUs(true)).isEqualTo(4_800_000);
  }
}
