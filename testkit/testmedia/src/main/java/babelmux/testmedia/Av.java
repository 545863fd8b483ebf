package babelmux.testmedia;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;

/** Common parts of FFmpeg's calls: options, times. */
final class Av {
  static final long NO_TIME = avutil.AV_NOPTS_VALUE;

  private Av() {}

  /** A dictionary, to be freed by the caller. */
  static AVDictionary dictionary(Map<String, String> options) {
    AVDictionary dictionary = new AVDictionary((Pointer) null);
    options.forEach((name, value) -> avutil.av_dict_set(dictionary, name, value, 0));
    return dictionary;
  }

  static Set<String> keys(AVDictionary dictionary) {
    Set<String> keys = new HashSet<>();
    if (!dictionary.isNull()) {
      AVDictionaryEntry entry = avutil.av_dict_iterate(dictionary, null);
      while (entry != null && !entry.isNull()) {
        keys.add(entry.key().getString());
        entry = avutil.av_dict_iterate(dictionary, entry);
      }
    }
    return keys;
  }

  /** A new rational; the garbage collector frees it. */
  static AVRational rational(int numerator, int denominator) {
    return new AVRational().num(numerator).den(denominator);
  }

  static AVRational copy(AVRational value) {
    return rational(value.num(), value.den());
  }

  static long micros(long time, AVRational base) {
    return time == NO_TIME
        ? NO_TIME
        : avutil.av_rescale_rnd(time * base.num(), 1_000_000, base.den(), avutil.AV_ROUND_NEAR_INF);
  }

  static long ticks(long micros, AVRational base) {
    return avutil.av_rescale_rnd(
        micros, base.den(), 1_000_000L * base.num(), avutil.AV_ROUND_NEAR_INF);
  }
}
