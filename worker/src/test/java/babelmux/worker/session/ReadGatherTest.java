package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** In virtual time: a source of 100 packets in a second. */
class ReadGatherTest {
  private static final long PACKET_NANOS = 10_000_000;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final ReadGather gather = new ReadGather(80_000_000);
  private long nowNanos;
  private int rests;
  private int packets;
  private long mostLateNanos;

  /** Reads for so long, where each read costs time of its own. */
  private void read(long nanos, long costNanos, double clockRatio) {
    long endNanos = nowNanos + nanos;
    while (nowNanos < endNanos) {
      packets++;
      long sentNanos = packets * PACKET_NANOS;
      nowNanos = Math.max(nowNanos + costNanos, sentNanos);
      mostLateNanos = Math.max(mostLateNanos, nowNanos - sentNanos);
      long rest = gather.restNanos((long) (sentNanos * clockRatio) / 1000, nowNanos);
      rests += rest > 0 ? 1 : 0;
      nowNanos += rest;
      gather.reads(nowNanos);
    }
  }

  @Test
  void whatComesInEightyMillisecondsIsReadAtOneGo() {
    read(10 * SECOND_NANOS, 100_000, 1);
    assertThat(rests).isBetween(100, 130);
    assertThat(mostLateNanos).isLessThan(100_000_000);
  }

  @Test
  void aMachineThatIsAlwaysLateDoesNotRestUntilItHasCaughtUp() {
    read(60 * SECOND_NANOS, 8_000_000, 1);
    assertThat(mostLateNanos).isLessThan(300_000_000);
    int before = rests;
    read(10 * SECOND_NANOS, 100_000, 1);
    assertThat(rests - before).isGreaterThan(90);
  }

  @Test
  void aSourceWhoseClockIsSlowIsReadAtOneGoAllTheSame() {
    read(1000 * SECOND_NANOS, 100_000, 0.9995);
    assertThat(rests).isGreaterThan(10_000);
  }

  /** Where nothing has to be waited for, as in the burst of a server at the beginning. */
  @Test
  void aBurstIsReadWithoutARest() {
    for (int packet = 0; packet < 1000; packet++) {
      nowNanos += 500_000;
      assertThat(gather.restNanos(packet * 10_000L, nowNanos)).isZero();
      gather.reads(nowNanos);
    }
  }
}
