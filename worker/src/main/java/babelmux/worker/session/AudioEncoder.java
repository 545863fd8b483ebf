package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.MediaException;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import java.util.List;

/** One continuous encoding in frames of {@link AacEncoder#FRAME_SAMPLES}. One thread. */
interface AudioEncoder extends AutoCloseable {
  /** Makes an encoder. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param hz samples per second
     * @param bitRate bits per second
     */
    AudioEncoder open(int hz, int channels, int bitRate) throws MediaException;
  }

  /** The format to give to a muxer; stays this encoder's. */
  TrackFormat format();

  /** See {@link AacEncoder#encode}. */
  List<AacEncoder.Encoded> encode(Sound sound, long startSample) throws MediaException;

  /** See {@link AacEncoder#finish}. */
  List<AacEncoder.Encoded> finish() throws MediaException;

  @Override
  void close();

  /** AAC by FFmpeg. */
  static AudioEncoder aac(int hz, int channels, int bitRate) throws MediaException {
    AacEncoder encoder = new AacEncoder(hz, channels, bitRate);
    return new AudioEncoder() {
      @Override
      public TrackFormat format() {
        return encoder.format();
      }

      @Override
      public List<AacEncoder.Encoded> encode(Sound sound, long startSample) throws MediaException {
        return encoder.encode(sound, startSample);
      }

      @Override
      public List<AacEncoder.Encoded> finish() throws MediaException {
        return encoder.finish();
      }

      @Override
      public void close() {
        encoder.close();
      }
    };
  }
}
