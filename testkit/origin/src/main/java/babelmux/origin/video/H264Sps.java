package babelmux.origin.video;

/**
 * Fields that the DTS of an H.264 stream depends on, out of its sequence parameter set (ITU-T
 * H.264, 7.3.2.1.1).
 *
 * @param frameNumBits length of {@code frame_num} in a slice header
 * @param pocType {@code pic_order_cnt_type}
 * @param pocBits length of {@code pic_order_cnt_lsb}, 4..16; 4 where the type is not 0
 * @param framesOnly no fields
 */
record H264Sps(int frameNumBits, int pocType, int pocBits, boolean framesOnly) {
  private static final int MAX_BYTES = 1024;
  private static final int MAX_LOG2_MINUS4 = 12;

  static H264Sps parse(byte[] nal) throws BitstreamException {
    BitReader in = BitReader.of(nal, 1, MAX_BYTES);
    int profile = (int) in.bits(8);
    in.skip(16);
    in.golomb();
    if (hasChroma(profile)) {
      skipChroma(in);
    }
    int frameNumBits = 4 + in.golomb(MAX_LOG2_MINUS4);
    int pocType = in.golomb(2);
    int pocBits = 4;
    if (pocType == 0) {
      pocBits += in.golomb(MAX_LOG2_MINUS4);
    } else if (pocType == 1) {
      skipPocCycle(in);
    }
    in.golomb();
    in.flag();
    in.golomb();
    in.golomb();
    return new H264Sps(frameNumBits, pocType, pocBits, in.flag());
  }

  private static boolean hasChroma(int profile) {
    return switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
      default -> false;
    };
  }

  private static void skipChroma(BitReader in) throws BitstreamException {
    int chroma = in.golomb(3);
    if (chroma == 3) {
      in.flag();
    }
    in.golomb();
    in.golomb();
    in.flag();
    if (in.flag()) {
      for (int list = 0; list < (chroma == 3 ? 12 : 8); list++) {
        if (in.flag()) {
          skipScalingList(in, list < 6 ? 16 : 64);
        }
      }
    }
  }

  private static void skipScalingList(BitReader in, int size) throws BitstreamException {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size && next != 0; i++) {
      next = Math.floorMod(last + in.signedGolomb(), 256);
      last = next == 0 ? last : next;
    }
  }

  private static void skipPocCycle(BitReader in) throws BitstreamException {
    in.flag();
    in.signedGolomb();
    in.signedGolomb();
    int count = in.golomb(255);
    for (int i = 0; i < count; i++) {
      in.signedGolomb();
    }
  }

  /** {@code pic_order_cnt_lsb} of a slice; the type is 0 and there are no fields. */
  int pocOf(byte[] slice, boolean idr) throws BitstreamException {
    BitReader in = BitReader.of(slice, 1, 32);
    in.golomb();
    in.golomb();
    in.golomb();
    in.skip(frameNumBits);
    if (idr) {
      in.golomb();
    }
    return (int) in.bits(pocBits);
  }
}
