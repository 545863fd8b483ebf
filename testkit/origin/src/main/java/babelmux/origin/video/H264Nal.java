package babelmux.origin.video;

/** NAL unit types of H.264 that matter here. */
final class H264Nal {
  static final int SLICE = 1;
  static final int IDR = 5;
  static final int SPS = 7;
  static final int PPS = 8;
  static final int DELIMITER = 9;

  private H264Nal() {}

  static int type(byte[] nal) {
    return nal[0] & 0x1F;
  }
}
