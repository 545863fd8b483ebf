package babelmux.media;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a live source is opened: its container, the protocols that its URL may lead to, and what
 * FFmpeg is told. A server cannot send the reader on to a file or another protocol.
 *
 * @param format FFmpeg's name of the container
 * @param allowed protocols, separated by commas; null for all
 * @param isAnalysed whether FFmpeg looks at the first packets before they are handed out; FLV's
 *     tracks become known as their packets come
 * @param skippedKeyframes keyframes before the one with which the video begins: an RTSP server
 *     tells the tracks' common time only behind the first packets, whose times do not fit the later
 *     ones
 * @param options FFmpeg's, by name
 */
record LiveProtocol(
    String format,
    @Nullable String allowed,
    boolean isAnalysed,
    int skippedKeyframes,
    Map<String, String> options) {

  /** FLV that does not come over a network. */
  static final LiveProtocol FLV = rtmp(null);

  /**
   * The protocol of a URL; null for a file and for what is read like one.
   *
   * @param options the limits of connecting and reading
   */
  static @Nullable LiveProtocol of(String url, SourceOptions options) {
    String lower = url.toLowerCase(Locale.ROOT);
    int colon = lower.indexOf("://");
    return switch (colon < 0 ? "" : lower.substring(0, colon)) {
      case "rtmp" -> rtmp("rtmp,tcp");
      case "rtmps" -> rtmp("rtmps,tls,tcp");
      case "rtsp" -> rtsp(options);
      case "srt" -> srt(options);
      default -> lower.startsWith("rtmp") ? FLV : null;
    };
  }

  private static LiveProtocol rtmp(@Nullable String allowed) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("rtmp_live", "live");
    options.put("rtmp_enhanced_codecs", "hvc1,av01,vp09,Opus,ac-3,ec-3,fLaC");
    options.put("tcp_nodelay", "1");
    return new LiveProtocol("flv", allowed, false, 0, options);
  }

  /** Over the connection that stands: UDP would lose packets, and need ports. */
  private static LiveProtocol rtsp(SourceOptions limits) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("rtsp_transport", "tcp");
    options.put("timeout", micros(limits.readLimit().multipliedBy(2)));
    return new LiveProtocol("rtsp", "rtsp,tcp", true, 1, options);
  }

  private static LiveProtocol srt(SourceOptions limits) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("connect_timeout", Long.toString(limits.openLimit().toMillis()));
    options.put("timeout", micros(limits.readLimit().multipliedBy(2)));
    return new LiveProtocol("mpegts", "srt", true, 0, options);
  }

  private static String micros(Duration duration) {
    return Long.toString(duration.toNanos() / 1000);
  }
}
