package babelmux.meter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long MILLI = 1_000_000;

  private final Arrivals arrivals = new Arrivals();

  @Test
  void aPacketThatWasWaitedForCameThen() {
    assertThat(arrivals.read(33 * MILLI, 100 * MILLI)).isEqualTo(100 * MILLI);
    assertThat(arrivals.read(33 * MILLI, 133 * MILLI)).isEqualTo(133 * MILLI);
  }

  @Test
  void whatComesAtOnceCameWithItsFirstPacket() {
    arrivals.read(40 * MILLI, 100 * MILLI);
    assertThat(arrivals.read(0, 104 * MILLI)).isEqualTo(100 * MILLI);
    assertThat(arrivals.read(0, 111 * MILLI)).isEqualTo(100 * MILLI);
  }

  @Test
  void ofAReaderThatIsBehindItIsNotKnown() {
    assertThat(arrivals.read(0, 100 * MILLI)).isEqualTo(LiveCapture.NOT_KNOWN);
    arrivals.read(40 * MILLI, 200 * MILLI);
    assertThat(arrivals.read(0, 240 * MILLI)).isEqualTo(LiveCapture.NOT_KNOWN);
  }
}
