package babelmux.media;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * The format of a track, as a decoder or muxer needs it: codec, headers, video size or sample rate.
 * Immutable; its owner closes it, {@link #copy()} makes another.
 */
public final class TrackFormat implements AutoCloseable {
  private final AVCodecParameters parameters;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private TrackFormat(AVCodecParameters from) {
    parameters = avcodec.avcodec_parameters_alloc();
    avcodec.avcodec_parameters_copy(parameters, from);
    parameters.codec_tag(0);
    Natives.opened();
  }

  static TrackFormat of(AVCodecParameters from) {
    return new TrackFormat(from);
  }

  static TrackFormat of(AVCodecContext encoder) {
    AVCodecParameters from = avcodec.avcodec_parameters_alloc();
    try {
      avcodec.avcodec_parameters_from_context(from, encoder);
      return new TrackFormat(from);
    } finally {
      avcodec.avcodec_parameters_free(from);
    }
  }

  public TrackFormat copy() {
    return new TrackFormat(parameters());
  }

  public TrackKind kind() {
    return parameters.codec_type() == avutil.AVMEDIA_TYPE_VIDEO ? TrackKind.VIDEO : TrackKind.AUDIO;
  }

  /** FFmpeg's short name, such as {@code h264} or {@code aac}. */
  public String codec() {
    return avcodec.avcodec_get_name(parameters.codec_id()).getString();
  }

  public boolean isAac() {
    return parameters.codec_id() == avcodec.AV_CODEC_ID_AAC;
  }

  /**
   * Returns whether its packets are raw AAC-LC of 1024 samples with one or two channels, such as
   * {@link AacEncoder} makes: they can stand between those of another encoder.
   */
  public boolean isPlainAacLc() {
    return isAac()
        && frameSamples() == AacEncoder.FRAME_SAMPLES
        && AacConfig.isPlainLc(headers(), sampleRate(), channels());
  }

  /** Pixels; 0 for audio. */
  public int width() {
    return parameters.width();
  }

  /** Pixels; 0 for audio. */
  public int height() {
    return parameters.height();
  }

  /** Hz; 0 for video. */
  public int sampleRate() {
    return parameters.sample_rate();
  }

  /** 0 for video. */
  public int channels() {
    return parameters.ch_layout().nb_channels();
  }

  /** Samples in a packet of this track, 0 when it varies or is unknown. */
  public int frameSamples() {
    return parameters.frame_size();
  }

  /**
   * The channels that its decoder gives: 1, 2 or 6 (5.1); any other layout is mixed down to stereo.
   */
  public int heardChannels() {
    return HeardLayout.channels(channels());
  }

  /**
   * Samples of one of this track's packets, at its rate; 0 when neither packet nor container tells.
   */
  public int samplesIn(Packet packet) {
    int codec = parameters.codec_id();
    if (codec == avcodec.AV_CODEC_ID_OPUS) {
      return OpusPacket.samples(packet.head(2), packet.size(), sampleRate());
    }
    int bits = avcodec.av_get_exact_bits_per_sample(codec);
    if (bits > 0 && channels() > 0) {
      return (int) (packet.size() * 8L / bits / channels());
    }
    int told = (int) Math.round(packet.durationUs() * (double) sampleRate() / 1e6);
    int fixed = parameters.frame_size();
    if (fixed <= 1 || (codec == avcodec.AV_CODEC_ID_VORBIS && told > 0)) {
      return told;
    }
    // The last packet of a lossless file is shorter than the others.
    boolean shorter = told > 0 && told < fixed * 9L / 10;
    return codec == avcodec.AV_CODEC_ID_FLAC && shorter ? told : fixed;
  }

  /** The codec headers (avcC, AudioSpecificConfig...), a copy; empty when there are none. */
  public byte[] headers() {
    byte[] bytes = new byte[Math.max(0, parameters.extradata_size())];
    if (bytes.length > 0) {
      parameters.extradata().get(bytes);
    }
    return bytes;
  }

  /** Returns whether packets of the other are of this format, too. */
  public boolean isSameAs(TrackFormat other) {
    return codec().equals(other.codec())
        && width() == other.width()
        && height() == other.height()
        && sampleRate() == other.sampleRate()
        && channels() == other.channels()
        && frameSamples() == other.frameSamples()
        && Arrays.equals(headers(), other.headers());
  }

  /** A description that outlives this format. */
  public TrackInfo info() {
    return new TrackInfo(codec(), width(), height(), sampleRate(), channels());
  }

  AVCodecParameters parameters() {
    if (!open.get()) {
      // FFmpeg would read at address 0.
      throw new IllegalStateException("this format is closed");
    }
    return parameters;
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      avcodec.avcodec_parameters_free(parameters);
      Natives.closed();
    }
  }

  @Override
  public String toString() {
    return kind() == TrackKind.VIDEO
        ? codec() + " " + width() + "x" + height()
        : codec() + " " + sampleRate() + " Hz " + channels() + " ch";
  }
}
