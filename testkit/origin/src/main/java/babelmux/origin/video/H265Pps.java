package babelmux.origin.video;

/**
 * Fields that a slice header of H.265 depends on, out of the picture parameter set (ITU-T H.265,
 * 7.3.2.3.1).
 */
record H265Pps(boolean outputFlag, int extraBits) {
  static H265Pps parse(byte[] nal) throws BitstreamException {
    BitReader in = BitReader.of(nal, 2, 64);
    in.golomb();
    in.golomb();
    in.flag();
    return new H265Pps(in.flag(), (int) in.bits(3));
  }
}
