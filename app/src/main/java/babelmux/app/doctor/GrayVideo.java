package babelmux.app.doctor;

import java.io.ByteArrayOutputStream;

/**
 * The smallest H.264 there is: grey pictures of 64 x 64, each one a keyframe of 20 bytes, as an FLV
 * file. Made bit by bit, because no encoder of H.264 is part of the worker.
 */
final class GrayVideo {
  static final int FRAMES_PER_SECOND = 10;

  private static final int BLOCKS = 4;
  private static final int PROFILE_BASELINE = 66;
  private static final int LEVEL = 10;
  private static final int FLV_VIDEO = 9;

  private GrayVideo() {}

  /** An FLV file that begins at 0. */
  static byte[] flv(int frames) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {'F', 'L', 'V', 1, 1, 0, 0, 0, 9, 0, 0, 0, 0});
    tag(file, 0, 0, headers());
    for (int frame = 0; frame < frames; frame++) {
      byte[] picture = picture(frame % 2);
      ByteArrayOutputStream unit = new ByteArrayOutputStream();
      number(unit, picture.length, 4);
      unit.writeBytes(picture);
      tag(file, frame * 1000 / FRAMES_PER_SECOND, 1, unit.toByteArray());
    }
    return file.toByteArray();
  }

  /**
   * @param kind 0: codec headers, 1: a picture
   */
  private static void tag(ByteArrayOutputStream file, int millis, int kind, byte[] payload) {
    int size = payload.length + 5;
    file.write(FLV_VIDEO);
    number(file, size, 3);
    number(file, millis, 3);
    number(file, 0, 4);
    file.write(0x17); // a keyframe of AVC
    file.write(kind);
    number(file, 0, 3);
    file.writeBytes(payload);
    number(file, size + 11, 4);
  }

  private static void number(ByteArrayOutputStream to, int value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      to.write(value >> shift);
    }
  }

  /** AVCDecoderConfigurationRecord. */
  private static byte[] headers() {
    byte[] sps = sequence();
    byte[] pps = parameters();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(
        new byte[] {1, PROFILE_BASELINE, (byte) 0xc0, LEVEL, (byte) 0xff, (byte) 0xe1});
    number(record, sps.length, 2);
    record.writeBytes(sps);
    record.write(1);
    number(record, pps.length, 2);
    record.writeBytes(pps);
    return record.toByteArray();
  }

  private static byte[] sequence() {
    Bits bits = new Bits(0x67, PROFILE_BASELINE, 0xc0, LEVEL);
    bits.golomb(0); // seq_parameter_set_id
    bits.golomb(0); // log2_max_frame_num_minus4
    bits.golomb(2); // pic_order_cnt_type: as they come
    bits.golomb(1); // max_num_ref_frames
    bits.add(0, 1);
    bits.golomb(BLOCKS - 1); // width
    bits.golomb(BLOCKS - 1); // height
    bits.add(0b1100, 4); // frames, direct_8x8; no cropping, no VUI
    return bits.end();
  }

  private static byte[] parameters() {
    Bits bits = new Bits(0x68);
    bits.golomb(0);
    bits.golomb(0);
    bits.add(0, 2); // CAVLC
    bits.golomb(0);
    bits.golomb(0);
    bits.golomb(0);
    bits.add(0, 3); // no weighted prediction
    bits.golomb(0);
    bits.golomb(0);
    bits.golomb(0);
    bits.add(0, 3);
    return bits.end();
  }

  /** An IDR picture whose blocks are predicted from nothing, which is grey, and stay so. */
  private static byte[] picture(int id) {
    Bits bits = new Bits(0x65);
    bits.golomb(0); // first_mb_in_slice
    bits.golomb(7); // only I
    bits.golomb(0);
    bits.add(0, 4); // frame_num
    bits.golomb(id);
    bits.add(0, 2); // dec_ref_pic_marking
    bits.golomb(0); // slice_qp_delta
    for (int block = 0; block < BLOCKS * BLOCKS; block++) {
      bits.golomb(3); // I_16x16, DC
      bits.golomb(0); // chroma DC
      bits.golomb(0); // mb_qp_delta
      bits.add(1, 1); // no coefficients
    }
    return bits.end();
  }

  /** The bits of a NAL unit. None of ours needs emulation prevention. */
  private static final class Bits {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int current;
    private int count;

    Bits(int... beginning) {
      for (int value : beginning) {
        bytes.write(value);
      }
    }

    void add(int value, int length) {
      for (int bit = length - 1; bit >= 0; bit--) {
        current = current << 1 | (value >> bit & 1);
        if (++count == 8) {
          bytes.write(current);
          current = 0;
          count = 0;
        }
      }
    }

    /** Exp-Golomb; the same code for 0 of a signed value. */
    void golomb(int value) {
      int length = 32 - Integer.numberOfLeadingZeros(value + 1);
      add(0, length - 1);
      add(value + 1, length);
    }

    byte[] end() {
      add(1, 1);
      if (count > 0) {
        add(0, 8 - count);
      }
      return bytes.toByteArray();
    }
  }
}
