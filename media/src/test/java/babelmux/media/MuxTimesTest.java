package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.MuxTimes.Times;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MuxTimesTest {
  @Test
  void timesThatFitStayAsTheyAre() {
    MuxTimes times = new MuxTimes(true, 90);
    assertThat(times.fit(6000, 0)).isEqualTo(new Times(6000, 0));
    assertThat(times.fit(3000, 3000)).isEqualTo(new Times(3000, 3000));
    assertThat(times.fit(4000, 3001)).isEqualTo(new Times(4000, 3001));
  }

  @Test
  void dtsAbovePtsIsLowered() {
    // As MediaMTX sends them: mediamtx.md, item 32.
    MuxTimes times = new MuxTimes(false, 1);
    assertThat(times.fit(5433, 5400)).isEqualTo(new Times(5433, 5400));
    assertThat(times.fit(5400, 5401)).isEqualTo(new Times(5400, 5400));
    assertThat(times.fit(5466, 5434)).isEqualTo(new Times(5466, 5434));
  }

  @Test
  void aStrictContainerGetsTheNextTick() {
    MuxTimes times = new MuxTimes(true, 90);
    assertThat(times.fit(488_970, 486_000)).isEqualTo(new Times(488_970, 486_000));
    assertThat(times.fit(486_000, 486_090)).isEqualTo(new Times(486_001, 486_001));
    assertThat(times.fit(486_000, 486_000)).isEqualTo(new Times(486_002, 486_002));
  }

  @Test
  void aPacketThatComesTooLateIsLeftOut() {
    MuxTimes times = new MuxTimes(true, 90);
    assertThat(times.fit(9000, 9000)).isEqualTo(new Times(9000, 9000));
    assertThat(times.fit(6000, 6000)).isNull();
    assertThat(times.fit(12_000, 12_000)).isEqualTo(new Times(12_000, 12_000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverComesTheResultFits(boolean strict) {
    Random random = new Random(7);
    MuxTimes times = new MuxTimes(strict, 20);
    long lastDts = Long.MIN_VALUE;
    for (int i = 0; i < 10_000; i++) {
      long pts = i * 10L + random.nextInt(60) - 30;
      Times fitted = times.fit(pts, i * 10L + random.nextInt(40) - 20);
      if (fitted != null) {
        assertThat(fitted.dts()).isLessThanOrEqualTo(fitted.pts());
        assertThat(fitted.pts() - pts).isBetween(0L, 20L);
        assertThat(fitted.dts()).isGreaterThanOrEqualTo(strict ? lastDts + 1 : lastDts);
        lastDts = fitted.dts();
      }
    }
  }
}
