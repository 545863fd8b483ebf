package babelmux.media;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.jspecify.annotations.Nullable;

/**
 * Changes the rate of audio that goes on: piece by piece, without a seam between the pieces. The
 * first sample that comes out is at the time of the first that went in. One thread.
 */
public final class AudioResampler implements AutoCloseable {
  private final int fromRate;
  private final int toRate;
  private final int channels;
  private final SwrContext swr = swresample.swr_alloc();
  private final AVFrame in = avutil.av_frame_alloc();
  private final AVFrame out = avutil.av_frame_alloc();
  private long taken;
  private long given;
  private boolean closed;

  /**
   * @param fromRate Hz
   * @param toRate Hz
   */
  public AudioResampler(int fromRate, int toRate, int channels) {
    this.fromRate = fromRate;
    this.toRate = toRate;
    this.channels = channels;
    Natives.opened();
  }

  /** The rate of what goes in, Hz. */
  public int fromRate() {
    return fromRate;
  }

  /** Samples, at the rate that comes out, that went in and have not come out yet. */
  public int held() {
    return (int) (due() - given);
  }

  private long due() {
    return (taken * toRate + fromRate / 2) / fromRate;
  }

  /**
   * @param sound at the rate and with the channels of the constructor
   * @return what is ready; its last samples are held back until what follows them is known
   */
  public Sound push(Sound sound) throws MediaException {
    SampleConverter.fill(in, sound);
    try {
      taken += sound.frames();
      return convert(in);
    } finally {
      avutil.av_frame_unref(in);
    }
  }

  /** The samples that were held back. Nothing can be pushed afterwards. */
  public Sound finish() throws MediaException {
    int left = held();
    Sound rest = taken == 0 ? Sound.silence(channels, 0, toRate) : convert(null);
    return rest.slice(0, Math.min(left, rest.frames()));
  }

  private Sound convert(@Nullable AVFrame from) throws MediaException {
    avutil.av_frame_unref(out);
    out.format(avutil.AV_SAMPLE_FMT_FLTP);
    out.sample_rate(toRate);
    avutil.av_channel_layout_default(out.ch_layout(), channels);
    MediaException.check(swresample.swr_convert_frame(swr, out, from), "changing the rate");
    Sound sound = out.nb_samples() == 0 ? null : Samples.copyOut(out);
    if (sound == null) {
      return Sound.silence(channels, 0, toRate);
    }
    given += sound.frames();
    return sound;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      avutil.av_frame_free(in);
      avutil.av_frame_free(out);
      swresample.swr_free(swr);
      Natives.closed();
    }
  }
}
