package babelmux.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Sound into a container, in memory. Any thread; blocks for the encoding only. */
public final class AudioClipEncoder {
  private AudioClipEncoder() {}

  /**
   * AAC-LC in MP4, its priming marked so that a decoder hears exactly the samples given.
   *
   * @param bitRate bits per second
   */
  public static byte[] m4a(Sound sound, int bitRate) throws MediaException {
    return aac(sound, bitRate, "ipod");
  }

  /**
   * AAC-LC with ADTS headers; a decoder hears 1024 samples of priming first, for which ADTS has no
   * mark.
   */
  public static byte[] adts(Sound sound, int bitRate) throws MediaException {
    return aac(sound, bitRate, "adts");
  }

  private static byte[] aac(Sound sound, int bitRate, String muxer) throws MediaException {
    List<AacEncoder.Encoded> coded = new ArrayList<>();
    try (AacEncoder encoder = new AacEncoder(sound.sampleRate(), sound.channelCount(), bitRate)) {
      for (int at = 0; at < sound.frames(); at += AacEncoder.FRAME_SAMPLES) {
        int end = Math.min(sound.frames(), at + AacEncoder.FRAME_SAMPLES);
        coded.addAll(encoder.encode(sound.slice(at, end), at));
      }
      coded.addAll(encoder.finish());
      try (MemoryOutput out = new MemoryOutput(muxer, encoder.format())) {
        for (AacEncoder.Encoded frame : coded) {
          long left = sound.frames() - frame.startSample();
          // The last frame reaches over the end: its duration tells a decoder where that is.
          int counted = (int) Math.max(1, Math.min(AacEncoder.FRAME_SAMPLES, left));
          out.write(frame.packet(), frame.startSample(), counted);
        }
        return out.finish();
      }
    } finally {
      coded.forEach(frame -> frame.packet().close());
    }
  }

  /** 16-bit samples with a WAV header. */
  public static byte[] wav(Sound sound) {
    byte[] samples = pcmS16le(sound);
    int channels = sound.channelCount();
    ByteBuffer out = ByteBuffer.allocate(44 + samples.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x46464952).putInt(36 + samples.length).putInt(0x45564157);
    out.putInt(0x20746d66).putInt(16).putShort((short) 1).putShort((short) channels);
    out.putInt(sound.sampleRate()).putInt(sound.sampleRate() * channels * 2);
    out.putShort((short) (channels * 2)).putShort((short) 16);
    out.putInt(0x61746164).putInt(samples.length).put(samples);
    return out.array();
  }

  /** Interleaved 16-bit little-endian samples, limited to full scale. */
  public static byte[] pcmS16le(Sound sound) {
    ByteBuffer out =
        ByteBuffer.allocate(sound.frames() * sound.channelCount() * 2)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < sound.frames(); n++) {
      for (float[] channel : sound.channels()) {
        out.putShort((short) Math.max(-32768, Math.min(32767, Math.round(channel[n] * 32768f))));
      }
    }
    return out.array();
  }
}
