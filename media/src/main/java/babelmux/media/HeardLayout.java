package babelmux.media;

import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.jspecify.annotations.Nullable;

/**
 * The layouts that are kept: mono, stereo and 5.1. Every other one is mixed down to stereo where it
 * is decoded, because only there it is known which channel is which.
 */
final class HeardLayout {
  private static final int SURROUND = 6;

  private HeardLayout() {}

  /** The channels that a decoder gives for audio with so many in its stream. */
  static int channels(int coded) {
    return coded == 1 || coded == SURROUND ? coded : 2;
  }

  /** A frame's samples in a layout that is kept; null when its format is not one of audio. */
  static @Nullable Sound copyOut(AVFrame frame) {
    return isKept(frame.ch_layout()) ? Samples.copyOut(frame) : mixedDown(frame);
  }

  private static boolean isKept(AVChannelLayout layout) {
    int channels = layout.nb_channels();
    return channels <= 2
        || (channels == SURROUND
            && (layout.order() != avutil.AV_CHANNEL_ORDER_NATIVE
                || layout.u_mask() == avutil.AV_CH_LAYOUT_5POINT1_BACK
                || layout.u_mask() == avutil.AV_CH_LAYOUT_5POINT1));
  }

  private static @Nullable Sound mixedDown(AVFrame frame) {
    if (frame.ch_layout().order() != avutil.AV_CHANNEL_ORDER_NATIVE) {
      int channels = frame.ch_layout().nb_channels();
      avutil.av_channel_layout_uninit(frame.ch_layout());
      avutil.av_channel_layout_default(frame.ch_layout(), channels);
    }
    SwrContext swr = swresample.swr_alloc();
    AVFrame out = avutil.av_frame_alloc();
    try {
      out.format(avutil.AV_SAMPLE_FMT_FLTP);
      out.sample_rate(frame.sample_rate());
      avutil.av_channel_layout_default(out.ch_layout(), channels(frame.ch_layout().nb_channels()));
      return swresample.swr_convert_frame(swr, out, frame) < 0 ? null : Samples.copyOut(out);
    } finally {
      avutil.av_frame_free(out);
      swresample.swr_free(swr);
    }
  }
}
