package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AacEncoder;
import babelmux.media.Natives;
import babelmux.media.Sound;
import org.junit.jupiter.api.Test;

/** The delay line's limit of bytes is said once, and taken back when there is room again. */
class HeldBackTest {
  @Test
  void onceFullItIsFullUntilAnEighthIsFree() throws Exception {
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        DelayLine line =
            new DelayLine(Long.MAX_VALUE / 2, 4000, new SessionListener() {}, () -> {}, () -> {})) {
      long us = 0;
      while (!line.isAtMaxBytes(false)) {
        Sound silence = Sound.silence(2, AacEncoder.FRAME_SAMPLES, 48_000);
        for (AacEncoder.Encoded coded : encoder.encode(silence, us)) {
          line.put(new TimedPacket(coded.packet(), encoder.format(), us, us, us, 0, 0, 0, 0, 0));
          us++;
        }
      }
      assertThat(line.bytes()).isGreaterThan(4000);
      while (line.bytes() > 3500) {
        assertThat(line.isAtMaxBytes(true)).isTrue();
        TimedPacket next = line.poll(Long.MAX_VALUE);
        assertThat(next).isNotNull();
        if (next != null) {
          next.close();
        }
      }
      assertThat(line.isAtMaxBytes(true)).isFalse();
    }
    assertThat(Natives.live()).isZero();
  }
}
