package babelmux.origin.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class H264DtsClockTest {
  private static final int FRAME_TICKS = 3_600;
  private static final int POC_BITS = 6;

  private final H264DtsClock clock = new H264DtsClock();

  @Test
  void inOrderEachDtsIsItsPts() throws Exception {
    assertThat(dts(0, 1, 2, 3, 4)).containsExactly(0L, 3_600L, 7_200L, 10_800L, 14_400L);
  }

  @Test
  void theDtsStandsStillUntilTheDepthIsKnownAndCanPassThePts() throws Exception {
    // IDR, P, b, P, b: the reordering shows first at the b.
    List<Long> got = dts(0, 2, 1, 4, 3);
    assertThat(got).containsExactly(0L, 3_600L, 3_690L, 7_260L, 10_800L);
    assertThat(got.get(2)).as("over its PTS of 40 ms").isGreaterThan(3_600);
  }

  @Test
  void theOrderCountGoesOnOverItsEnd() throws Exception {
    int[] pictures = new int[100];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = i;
    }
    assertThat(dts(pictures)).hasSize(100).endsWith(98L * FRAME_TICKS, 99L * FRAME_TICKS);
  }

  @Test
  void aFallOfTheTimesIsRefused() throws Exception {
    clock.next(List.of(sps(0), slice(0, true)), 9_000);
    assertThatThrownBy(() -> clock.next(List.of(sps(0), slice(0, true)), 8_000))
        .isInstanceOf(ReaderRefusedException.class)
        .hasMessageContaining("not monotonically increasing");
  }

  @Test
  void withoutReorderingInTheParameterSetTheDtsIsThePts() throws Exception {
    assertThat(clock.next(List.of(sps(2), slice(0, true)), 9_000)).isEqualTo(9_000);
    assertThat(clock.next(List.of(slice(7, false)), 12_600)).isEqualTo(12_600);
  }

  @Test
  void anOrderCountThatMediaMtxDoesNotKnowIsRefused() {
    assertThatThrownBy(() -> clock.next(List.of(sps(1), slice(0, true)), 0))
        .isInstanceOf(ReaderRefusedException.class);
  }

  @Test
  void aPictureThatEndsEarlyIsNotParsed() {
    assertThatThrownBy(() -> clock.next(List.of(sps(0), new byte[] {0x65}), 0))
        .isInstanceOf(BitstreamException.class);
  }

  /** Pictures in decoding order, by their places in the order of showing; DTS in ticks. */
  private List<Long> dts(int... pictures) throws Exception {
    List<Long> dts = new ArrayList<>();
    for (int picture : pictures) {
      boolean idr = dts.isEmpty();
      byte[] slice = slice(2 * picture % (1 << POC_BITS), idr);
      List<byte[]> nals = idr ? List.of(sps(0), slice) : List.of(slice);
      dts.add(clock.next(nals, (long) picture * FRAME_TICKS));
    }
    return dts;
  }

  private static byte[] sps(int pocType) {
    BitWriter out = new BitWriter().bits(24, 0x42C01E).golomb(0, 0, pocType);
    if (pocType == 0) {
      out.golomb(POC_BITS - 4);
    } else if (pocType == 1) {
      out.bits(1, 0).golomb(0, 0, 1, 0);
    }
    return out.golomb(4).bits(1, 0).golomb(19, 10).bits(1, 1).nal(0x67);
  }

  private static byte[] slice(int poc, boolean idr) {
    BitWriter out = new BitWriter().golomb(0, 5, 0).bits(4, 0);
    if (idr) {
      out.golomb(0);
    }
    return out.bits(POC_BITS, poc).bits(32, 0).nal(idr ? 0x65 : 0x41);
  }
}
