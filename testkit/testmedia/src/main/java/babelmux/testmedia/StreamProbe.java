package babelmux.testmedia;

import babelmux.media.Natives;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;

/** Tells what tracks a stream or file has. */
public final class StreamProbe {
  private static final int MAX_LINE = 256;

  private StreamProbe() {}

  /**
   * Describes each track as FFmpeg does, such as {@code Audio: aac (LC), 48000 Hz, stereo, fltp}.
   * Blocks until the tracks are known, at most a minute.
   *
   * @param options of FFmpeg's protocol and demuxer, such as {@code rtmp_enhanced_codecs}
   * @throws IOException when it cannot be read
   */
  public static List<String> tracks(String url, Map<String, String> options) throws IOException {
    Natives.load();
    Arguments.In input = new Arguments.In(url, false, 0, 0, 0, false, true, options);
    try (Interrupt interrupt = new Interrupt()) {
      AVFormatContext context = FileFeed.open(input, interrupt);
      try {
        return IntStream.range(0, context.nb_streams())
            .mapToObj(index -> describe(context.streams(index).codecpar()))
            .toList();
      } finally {
        avformat.avformat_close_input(context);
      }
    }
  }

  private static String describe(AVCodecParameters parameters) {
    AVCodecContext codec = avcodec.avcodec_alloc_context3(null);
    try {
      avcodec.avcodec_parameters_to_context(codec, parameters);
      byte[] text = new byte[MAX_LINE];
      avcodec.avcodec_string(text, text.length, codec, 0);
      int end = 0;
      while (text[end] != 0) {
        end++;
      }
      return new String(text, 0, end, StandardCharsets.UTF_8);
    } finally {
      avcodec.avcodec_free_context(codec);
    }
  }
}
