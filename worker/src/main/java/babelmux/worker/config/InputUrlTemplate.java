package babelmux.worker.config;

import babelmux.media.Secrets;
import java.util.Map;
import java.util.Set;

/**
 * The URL at which a stream is read, with placeholders: {@code {rtmp-url}} (only at the beginning:
 * the server of {@code mediamtx.rtmp-url}, its credentials go to the end), {@code {path}} (the path
 * that the hook or the Control API named) and {@code {id}}; one of the last two is needed.
 */
public record InputUrlTemplate(UrlTemplate template) {
  private static final Set<String> SCHEMES = Set.of("rtmp", "rtmps", "rtsp", "srt");
  private static final Set<String> KNOWN = Set.of("path", "id");

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if a placeholder is unknown, both {@code {path}} and {@code
   *     {id}} are missing or the scheme is not one of rtmp, rtmps, rtsp, srt
   */
  public static InputUrlTemplate parse(String text) {
    return new InputUrlTemplate(UrlTemplate.parse(text, SCHEMES, KNOWN, KNOWN));
  }

  /**
   * The URL of one stream's source. May hold credentials: show it through {@link Secrets#maskUrl}.
   */
  public String resolve(ServerUrl rtmp, String path, String streamId) {
    return template.resolve(rtmp, Map.of("path", path, "id", streamId));
  }

  /** Returns whether streams are read from the server of {@code mediamtx.rtmp-url}. */
  public boolean isOnRtmpServer() {
    return template.isOnServer();
  }

  /** Redacted. */
  @Override
  public String toString() {
    return template.toString();
  }
}
