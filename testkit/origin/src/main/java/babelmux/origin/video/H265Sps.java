package babelmux.origin.video;

import java.util.ArrayList;
import java.util.List;

/**
 * Fields that the DTS of an H.265 stream depends on, out of its sequence parameter set (ITU-T
 * H.265, 7.3.2.2.1).
 *
 * @param separatePlanes colour planes are coded separately
 * @param pocBits length of {@code slice_pic_order_cnt_lsb}
 * @param depth pictures that are decoded before and shown after, 0 where the set has sub-layers
 * @param sets reference picture sets that slices can name
 * @param unitsInTick and {@code timeScale}: duration of a picture; 0 when it is not told
 */
record H265Sps(
    Profile profile,
    boolean separatePlanes,
    int pocBits,
    int depth,
    List<ReferenceSet> sets,
    long unitsInTick,
    long timeScale) {
  private static final int MAX_BYTES = 4096;
  private static final int EXTENDED_ASPECT = 255;

  /**
   * Properties of the stream that a decoder configuration tells.
   *
   * @param profile {@code general_profile_idc}
   * @param compatibility 32 flags
   * @param level {@code general_level_idc}
   * @param chroma {@code chroma_format_idc}
   * @param lumaDepth bits of a sample above 8
   * @param chromaDepth bits of a sample above 8
   */
  record Profile(
      int profile, int compatibility, int level, int chroma, int lumaDepth, int chromaDepth) {}

  static H265Sps parse(byte[] nal) throws BitstreamException {
    BitReader in = BitReader.of(nal, 2, MAX_BYTES);
    in.skip(4);
    int subLayers = (int) in.bits(3);
    in.flag();
    in.skip(3);
    int profileIdc = (int) in.bits(5);
    int compatibility = (int) in.bits(32);
    in.skip(48);
    int level = (int) in.bits(8);
    if (subLayers > 0 && in.bits(16) != 0) {
      throw new BitstreamException("profiles of sub-layers");
    }
    in.golomb();
    int chroma = in.golomb(3);
    boolean separatePlanes = chroma == 3 && in.flag();
    in.golomb();
    in.golomb();
    skipWindow(in);
    int lumaDepth = in.golomb(8);
    int chromaDepth = in.golomb(8);
    Profile profile = new Profile(profileIdc, compatibility, level, chroma, lumaDepth, chromaDepth);
    int pocBits = 4 + in.golomb(12);
    int depth = depth(in, subLayers);
    for (int i = 0; i < 6; i++) {
      in.golomb();
    }
    skipTools(in);
    int count = in.golomb(64);
    List<ReferenceSet> sets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sets.add(ReferenceSet.read(in, sets, false));
    }
    if (in.flag() && in.golomb() > 0) {
      throw new BitstreamException("long-term reference pictures in the SPS");
    }
    in.skip(2);
    if (!in.flag() || !skipToTiming(in)) {
      return new H265Sps(profile, separatePlanes, pocBits, depth, List.copyOf(sets), 0, 0);
    }
    return new H265Sps(
        profile, separatePlanes, pocBits, depth, List.copyOf(sets), in.bits(32), in.bits(32));
  }

  private static void skipWindow(BitReader in) throws BitstreamException {
    if (in.flag()) {
      for (int side = 0; side < 4; side++) {
        in.golomb();
      }
    }
  }

  private static int depth(BitReader in, int subLayers) throws BitstreamException {
    boolean each = in.flag();
    int depth = 0;
    for (int layer = each ? 0 : subLayers; layer <= subLayers; layer++) {
      in.golomb();
      depth = in.golomb(64);
      in.golomb();
    }
    return subLayers == 0 ? depth : 0;
  }

  /** From the scaling lists to PCM. */
  private static void skipTools(BitReader in) throws BitstreamException {
    boolean scaling = in.flag();
    if (scaling && in.flag()) {
      skipScalingLists(in);
    }
    in.skip(2);
    if (in.flag()) {
      in.skip(8);
      in.golomb();
      in.golomb();
      in.flag();
    }
  }

  private static void skipScalingLists(BitReader in) throws BitstreamException {
    for (int size = 0; size < 4; size++) {
      for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
        if (!in.flag()) {
          in.golomb();
          continue;
        }
        int coefficients = Math.min(64, 1 << (4 + (size << 1))) + (size > 1 ? 1 : 0);
        for (int i = 0; i < coefficients; i++) {
          in.signedGolomb();
        }
      }
    }
  }

  /** Tells whether timing follows in the video usability information. */
  private static boolean skipToTiming(BitReader in) throws BitstreamException {
    if (in.flag() && in.bits(8) == EXTENDED_ASPECT) {
      in.skip(32);
    }
    if (in.flag()) {
      in.flag();
    }
    if (in.flag()) {
      in.skip(4);
      if (in.flag()) {
        in.skip(24);
      }
    }
    if (in.flag()) {
      in.golomb();
      in.golomb();
    }
    in.skip(3);
    skipWindow(in);
    return in.flag();
  }
}
