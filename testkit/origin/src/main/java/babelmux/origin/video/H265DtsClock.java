package babelmux.origin.video;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DTS of H.265 out of the reference pictures of each slice. The parameter set tells the depth of
 * reordering, so that the first DTS lies before its PTS.
 */
final class H265DtsClock extends DtsClock {
  private static final int MAX_SLICE_HEADER_BYTES = 64;
  private static final long TICKS_PER_SECOND = 90_000;

  /** Distance of the first DTS before its PTS when the stream tells no picture duration. */
  private static final long DEFAULT_ADVANCE = 9_000;

  private static final int B_SLICE = 0;

  private byte @Nullable [] spsBytes;
  private byte @Nullable [] ppsBytes;
  private @Nullable H265Sps sps;
  private @Nullable H265Pps pps;
  private int held;

  @Override
  Derived derive(List<byte[]> nals, long pts, @Nullable Long previous)
      throws ReaderRefusedException, BitstreamException {
    byte @Nullable [] slice = null;
    for (byte[] nal : nals) {
      int type = H265Nal.type(nal);
      if (type == H265Nal.SPS) {
        learnSps(nal);
      } else if (type == H265Nal.PPS) {
        learnPps(nal);
      } else if (decides(type)) {
        slice = nal;
        break;
      }
    }
    H265Sps knownSps = sps;
    H265Pps knownPps = pps;
    if (knownSps == null || knownPps == null) {
      throw new BitstreamException("no SPS or no PPS");
    }
    if (slice == null) {
      throw new ReaderRefusedException("access unit doesn't contain an IDR or non-IDR NALU");
    }
    long lead = knownSps.depth();
    if (!H265Nal.idr(H265Nal.type(slice))) {
      lead += ahead(slice, knownSps, knownPps);
    }
    if (lead < 0) {
      throw new ReaderRefusedException("negative pts-dts difference");
    }
    boolean holds = held > 0;
    held = Math.max(0, held - 1);
    if (previous == null) {
      return new Derived(pts - advance(lead, knownSps), true);
    }
    return new Derived(holds ? previous + TICKS_PER_MS : share(previous, pts, lead), true);
  }

  private static boolean decides(int type) {
    return switch (type) {
      case H265Nal.TRAIL_N,
          H265Nal.TRAIL_R,
          H265Nal.RASL_N,
          H265Nal.RASL_R,
          H265Nal.IDR_W_RADL,
          H265Nal.IDR_N_LP,
          H265Nal.CRA ->
          true;
      default -> false;
    };
  }

  private void learnSps(byte[] nal) throws BitstreamException {
    if (!Arrays.equals(spsBytes, nal)) {
      H265Sps parsed = H265Sps.parse(nal);
      sps = parsed;
      spsBytes = nal;
      held = parsed.depth();
    }
  }

  private void learnPps(byte[] nal) throws BitstreamException {
    if (!Arrays.equals(ppsBytes, nal)) {
      pps = H265Pps.parse(nal);
      ppsBytes = nal;
    }
  }

  private static long advance(long lead, H265Sps sps) {
    return sps.timeScale() == 0
        ? DEFAULT_ADVANCE
        : lead * TICKS_PER_SECOND * sps.unitsInTick() / sps.timeScale();
  }

  /** Number of pictures that the slice is shown later (above 0) or earlier than it is decoded. */
  private static long ahead(byte[] slice, H265Sps sps, H265Pps pps)
      throws ReaderRefusedException, BitstreamException {
    int type = H265Nal.type(slice);
    BitReader in = BitReader.of(slice, 2, MAX_SLICE_HEADER_BYTES);
    if (!in.flag()) {
      throw new ReaderRefusedException("first_slice_segment_in_pic_flag = 0 is not supported");
    }
    if (type >= H265Nal.FIRST_IRAP && type <= H265Nal.LAST_IRAP) {
      in.flag();
    }
    in.golomb();
    in.skip(pps.extraBits());
    long sliceType = in.golomb();
    in.skip((pps.outputFlag() ? 1 : 0) + (sps.separatePlanes() ? 2 : 0) + sps.pocBits());
    ReferenceSet references;
    if (!in.flag()) {
      references = ReferenceSet.read(in, sps.sets(), true);
    } else if (sps.sets().size() <= 1) {
      return 0;
    } else {
      int bits = 32 - Integer.numberOfLeadingZeros(sps.sets().size() - 1);
      int index = (int) in.bits(bits);
      if (index >= sps.sets().size()) {
        throw new ReaderRefusedException("invalid short_term_ref_pic_set_idx");
      }
      references = sps.sets().get(index);
    }
    return sliceType == B_SLICE ? aheadOfB(type, references) : toNearest(references);
  }

  private static long aheadOfB(int type, ReferenceSet references) throws ReaderRefusedException {
    return switch (type) {
      case H265Nal.TRAIL_N, H265Nal.RASL_N -> -references.after().length;
      case H265Nal.TRAIL_R, H265Nal.RASL_R -> toNearest(references) - references.after().length;
      default -> 0;
    };
  }

  private static long toNearest(ReferenceSet references) throws ReaderRefusedException {
    if (references.before().length == 0) {
      throw new ReaderRefusedException("invalid DeltaPocS0");
    }
    return -references.before()[0] - 1L;
  }
}
