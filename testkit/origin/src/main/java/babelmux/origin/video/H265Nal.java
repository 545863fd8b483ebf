package babelmux.origin.video;

/** NAL unit types of H.265 that matter here. */
final class H265Nal {
  static final int TRAIL_N = 0;
  static final int TRAIL_R = 1;
  static final int RASL_N = 8;
  static final int RASL_R = 9;
  static final int FIRST_IRAP = 16;
  static final int IDR_W_RADL = 19;
  static final int IDR_N_LP = 20;
  static final int CRA = 21;
  static final int LAST_IRAP = 23;
  static final int VPS = 32;
  static final int SPS = 33;
  static final int PPS = 34;
  static final int DELIMITER = 35;

  private H265Nal() {}

  static int type(byte[] nal) {
    return nal[0] >> 1 & 0x3F;
  }

  static boolean idr(int type) {
    return type == IDR_W_RADL || type == IDR_N_LP;
  }
}
