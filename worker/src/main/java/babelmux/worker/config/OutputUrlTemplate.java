package babelmux.worker.config;

import babelmux.media.Secrets;
import java.util.Map;
import java.util.Set;

/**
 * The URL of a stream's output, with placeholders: {@code {rtmp-url}} (only at the beginning: the
 * server of {@code mediamtx.rtmp-url}, its credentials go to the end), {@code {id}} (needed: two
 * streams must not share an output), {@code {source-language}}, {@code {target-language}}.
 */
public record OutputUrlTemplate(UrlTemplate template) {
  private static final Set<String> SCHEMES = Set.of("rtmp", "rtmps", "srt", "rtsp", "file");
  private static final Set<String> FURTHER = Set.of("rtmp", "rtmps", "srt", "file");
  private static final Set<String> KNOWN = Set.of("id", "source-language", "target-language");
  private static final Set<String> DISTINCT = Set.of("id");

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if a placeholder is unknown, {@code {id}} is missing or the
   *     scheme is not one of rtmp, rtmps, srt, rtsp, file
   */
  public static OutputUrlTemplate parse(String text) {
    return new OutputUrlTemplate(UrlTemplate.parse(text, SCHEMES, KNOWN, DISTINCT));
  }

  /**
   * Reads a template of a destination beside the output: without {@code {id}} it serves one stream
   * at a time.
   *
   * @throws IllegalArgumentException if a placeholder is unknown, or the scheme is not one of rtmp,
   *     rtmps, srt, file
   */
  static OutputUrlTemplate parseFurther(String text) {
    return new OutputUrlTemplate(UrlTemplate.parse(text, FURTHER, KNOWN, Set.of()));
  }

  /**
   * The URL of one stream's output. May hold credentials: show it through {@link Secrets#maskUrl}.
   */
  public String resolve(ServerUrl rtmp, String streamId, Languages languages) {
    return template.resolve(rtmp, values(streamId, languages));
  }

  /** The path on the server of {@code mediamtx.rtmp-url}, or an empty text if it goes elsewhere. */
  String pathOnServer(String streamId, Languages languages) {
    return template.isOnServer()
        ? template.fill(values(streamId, languages)).substring(1).replaceAll("\\?.*", "")
        : "";
  }

  private static Map<String, String> values(String streamId, Languages languages) {
    return Map.of(
        "source-language",
        languages.source(),
        "target-language",
        languages.target(),
        "id",
        streamId);
  }

  /** Redacted. */
  @Override
  public String toString() {
    return template.toString();
  }
}
