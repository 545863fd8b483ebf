package babelmux.worker.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds latencies in SRT URLs that were most likely meant in another unit: FFmpeg counts them in
 * microseconds, srt-live-transmit and encoders in milliseconds. Stateless.
 */
public final class SrtLatency {

  /** The smallest latency that anybody means, microseconds; as milliseconds it would be 20 s. */
  static final long MIN_US = 20_000;

  private static final Pattern OPTION =
      Pattern.compile("[?&]((?:rcv|peer)?latency)=(\\d{1,18})(?=&|$)");

  private SrtLatency() {}

  /**
   * What is wrong with a URL's latency, with the option, its value and what was expected; empty
   * when nothing is, or it is no SRT URL. 0, which leaves it to the other side, is right.
   */
  public static Optional<String> doubt(String url) {
    if (!url.toLowerCase(Locale.ROOT).startsWith("srt://")) {
      return Optional.empty();
    }
    Matcher option = OPTION.matcher(url);
    while (option.find()) {
      long value = Long.parseLong(option.group(2));
      if (value > 0 && value < MIN_US) {
        return Optional.of(
            ("option %s=%d is %s ms: expected microseconds, 0 or at least %d"
                    + " (%2$d ms are %1$s=%2$d000)")
                .formatted(
                    option.group(1),
                    value,
                    String.format(Locale.ROOT, "%.3f", value / 1000.0),
                    MIN_US));
      }
    }
    return Optional.empty();
  }
}
