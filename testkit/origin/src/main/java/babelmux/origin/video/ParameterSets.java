package babelmux.origin.video;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The newest parameter sets of an H.264 or H.265 track. They are taken out of every picture and put
 * in front of every keyframe, as MediaMTX does.
 */
final class ParameterSets {
  /**
   * Offset at which MediaMTX takes the constraint flags: it does not look for emulation prevention.
   */
  private static final int CONSTRAINTS_AT = 7;

  private static final int CONSTRAINTS_BYTES = 6;

  private final boolean h264;
  private final TreeMap<Integer, byte[]> sets = new TreeMap<>();

  ParameterSets(String codec) {
    h264 = codec.equals("avc1");
  }

  /** Learns from a decoder configuration; one that ends early is left as far as it goes. */
  void configure(byte[] config) {
    ByteBuffer in = ByteBuffer.wrap(config);
    try {
      if (h264) {
        in.position(5);
        configure(in, in.get() & 0x1F);
        configure(in, in.get() & 0xFF);
      } else {
        in.position(22);
        for (int arrays = in.get() & 0xFF; arrays > 0; arrays--) {
          in.get();
          configure(in, in.getShort() & 0xFFFF);
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException endsEarly) {
      return;
    }
  }

  private void configure(ByteBuffer in, int count) {
    for (int i = 0; i < count; i++) {
      int length = in.getShort() & 0xFFFF;
      if (length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] nal = new byte[length];
      in.get(nal);
      // The first of each kind counts: MediaMTX refuses more of them.
      if (i == 0 && length > 0 && parameter(type(nal))) {
        sets.put(type(nal), nal);
      }
    }
  }

  /** The picture's units with the sets in front of a keyframe, without them anywhere else. */
  List<byte[]> arrange(List<byte[]> nals) {
    List<byte[]> arranged = new ArrayList<>();
    for (byte[] nal : nals) {
      int type = type(nal);
      if (parameter(type)) {
        sets.put(type, nal);
      } else if (type != (h264 ? H264Nal.DELIMITER : H265Nal.DELIMITER)) {
        arranged.add(nal);
      }
    }
    if (complete() && randomAccess(arranged)) {
      arranged.addAll(0, sets.values());
    }
    return arranged;
  }

  /** Tells whether a reader can start with this picture. */
  boolean randomAccess(List<byte[]> nals) {
    return nals.stream().mapToInt(this::type).anyMatch(this::randomAccess);
  }

  private boolean randomAccess(int type) {
    return h264 ? type == H264Nal.IDR : H265Nal.idr(type) || type == H265Nal.CRA;
  }

  /** Tells whether there is a picture at all; H.264 without one is not sent to readers. */
  boolean hasPicture(List<byte[]> nals) {
    return h264
        ? nals.stream()
            .mapToInt(this::type)
            .anyMatch(type -> type == H264Nal.IDR || type == H264Nal.SLICE)
        : !nals.isEmpty();
  }

  private boolean complete() {
    return sets.size() == (h264 ? 2 : 3);
  }

  /** A decoder configuration of the newest sets, or {@code given} where they lack. */
  byte[] configuration(byte[] given) {
    return h264 ? avcConfiguration(given) : hevcConfiguration(given);
  }

  private byte[] hevcConfiguration(byte[] given) {
    byte[] sps = sets.getOrDefault(H265Nal.SPS, new byte[0]);
    if (!complete() || sps.length < CONSTRAINTS_AT + CONSTRAINTS_BYTES) {
      return given;
    }
    H265Sps.Profile profile;
    try {
      profile = H265Sps.parse(sps).profile();
    } catch (BitstreamException unknown) {
      return given;
    }
    ByteArrayOutputStream config = new ByteArrayOutputStream();
    config.write(1);
    config.write(profile.profile());
    config.writeBytes(ByteBuffer.allocate(4).putInt(profile.compatibility()).array());
    config.write(sps, CONSTRAINTS_AT, CONSTRAINTS_BYTES);
    config.write(profile.level());
    config.writeBytes(new byte[] {(byte) 0xF0, 0, (byte) 0xFC});
    config.write(0xFC | profile.chroma());
    config.write(0xF8 | profile.lumaDepth());
    config.write(0xF8 | profile.chromaDepth());
    config.writeBytes(new byte[] {0, 0, 0x13, 3});
    sets.forEach(
        (type, nal) -> {
          config.write(type);
          config.writeBytes(new byte[] {0, 1});
          write(config, nal);
        });
    return config.toByteArray();
  }

  private byte[] avcConfiguration(byte[] given) {
    byte[] sps = sets.getOrDefault(H264Nal.SPS, new byte[0]);
    byte[] pps = sets.getOrDefault(H264Nal.PPS, new byte[0]);
    if (sps.length < 4 || pps.length == 0) {
      return given;
    }
    ByteArrayOutputStream config = new ByteArrayOutputStream();
    config.write(1);
    config.write(sps, 1, 3);
    config.write(0xFF);
    config.write(0xE1);
    write(config, sps);
    config.write(1);
    write(config, pps);
    return config.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, byte[] nal) {
    out.write(nal.length >> 8);
    out.write(nal.length);
    out.writeBytes(nal);
  }

  private boolean parameter(int type) {
    return h264
        ? type == H264Nal.SPS || type == H264Nal.PPS
        : type == H265Nal.VPS || type == H265Nal.SPS || type == H265Nal.PPS;
  }

  private int type(byte[] nal) {
    return h264 ? H264Nal.type(nal) : H265Nal.type(nal);
  }
}
