package babelmux.faultproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Delay, rate, slices and stalls, in virtual time. */
class FlowTest {
  private final Receiver receiver = new Receiver();
  private final AtomicLong forwarded = new AtomicLong();

  private Flow flow(int bytes) {
    byte[] sent = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      sent[i] = (byte) i;
    }
    ReadableByteChannel sender = Channels.newChannel(new ByteArrayInputStream(sent));
    return new Flow(sender, receiver, forwarded);
  }

  private static long ms(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void withoutAFaultEverythingLeavesAtOnce() throws IOException {
    Flow flow = flow(100_000);
    while (!flow.isOver()) {
      assertThat(flow.move(DirectionFaults.NONE, 0)).isEqualTo(Flow.NEVER);
    }
    assertThat(receiver.bytes()).hasSize(100_000);
    assertThat(forwarded).hasValue(100_000);
  }

  @Test
  void delayedBytesLeaveThatMuchLater() throws IOException {
    Flow flow = flow(10);
    DirectionFaults faults = DirectionFaults.NONE.withDelay(Duration.ofMillis(300));
    assertThat(flow.move(faults, ms(5))).isEqualTo(ms(305));
    flow.move(faults, ms(304));
    assertThat(receiver.bytes()).isEmpty();
    assertThat(flow.isOver()).as("the end waits, too").isFalse();
    flow.move(faults, ms(305));
    assertThat(receiver.bytes()).hasSize(10);
    assertThat(flow.isOver()).isTrue();
  }

  @Test
  void aLimitedRateIsKept() throws IOException {
    Flow flow = flow(20_000);
    DirectionFaults faults = DirectionFaults.NONE.withBytesPerSecond(10_000);
    long nowNanos = 0;
    for (long next = 0; next != Flow.NEVER; next = flow.move(faults, nowNanos)) {
      nowNanos = next;
      assertThat(forwarded.get()).isLessThanOrEqualTo(10_000 * nowNanos / ms(1000));
    }
    assertThat(receiver.bytes()).hasSize(20_000);
    assertThat(nowNanos).isBetween(ms(1900), ms(2100));
  }

  @Test
  void aRateHoldsBackTheSender() throws IOException {
    Flow flow = flow(1_000_000);
    DirectionFaults faults = DirectionFaults.NONE.withBytesPerSecond(1_000);
    flow.move(faults, 0);
    assertThat(flow.wantsInput(faults)).isFalse();
    assertThat(flow.wantsInput(faults.withDelay(Duration.ofSeconds(1)))).isTrue();
  }

  @Test
  void slicesAreWrittenOneByOne() throws IOException {
    Flow flow = flow(1_000);
    DirectionFaults faults = DirectionFaults.NONE.withSliceBytes(1);
    while (!flow.isOver()) {
      flow.move(faults, 0);
    }
    assertThat(receiver.sizes).hasSize(1_000).containsOnly(1);
    assertThat(receiver.bytes()[999]).isEqualTo((byte) 999);
  }

  @Test
  void whatIsStalledGoesOnWhereItWas() throws IOException {
    Flow flow = flow(10);
    DirectionFaults faults = DirectionFaults.NONE.withStalled(true);
    assertThat(flow.move(faults, 0)).isEqualTo(Flow.NEVER);
    assertThat(flow.wantsInput(faults)).isFalse();
    assertThat(receiver.bytes()).isEmpty();
    flow.move(DirectionFaults.NONE, ms(1000));
    assertThat(receiver.bytes()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void aReceiverThatTakesNothingIsWaitedFor() throws IOException {
    Flow flow = flow(10);
    receiver.room = 4;
    assertThat(flow.move(DirectionFaults.NONE, 0)).isEqualTo(Flow.NEVER);
    assertThat(flow.isBlocked()).isTrue();
    assertThat(flow.isOver()).isFalse();
    receiver.room = 100;
    flow.move(DirectionFaults.NONE, 1);
    assertThat(flow.isBlocked()).isFalse();
    assertThat(receiver.bytes()).hasSize(10);
  }

  private static final class Receiver implements WritableByteChannel {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<Integer> sizes = new ArrayList<>();
    private int room = Integer.MAX_VALUE;

    byte[] bytes() {
      return received.toByteArray();
    }

    @Override
    public int write(ByteBuffer source) {
      byte[] taken = new byte[Math.min(room, source.remaining())];
      source.get(taken);
      room -= taken.length;
      received.writeBytes(taken);
      sizes.add(taken.length);
      return taken.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
