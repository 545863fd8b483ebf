package babelmux.worker.config;

import babelmux.media.Secrets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the paths that are inputs.
 *
 * @param pathPattern matches the whole path of an input; its first group is the stream id
 * @param urlTemplate where an input is read
 */
public record InputConfig(Pattern pathPattern, InputUrlTemplate urlTemplate) {

  static final Setting<Pattern> PATH_PATTERN =
      Setting.of(
          "input.path-pattern",
          Parsers.patternWithGroup(),
          "^live/([A-Za-z0-9_-]+)/in$",
          "Regular expression of the paths whose streams are dubbed; its first group is the stream id,"
              + " which must consist of letters, digits, - and _.");

  static final Setting<InputUrlTemplate> URL_TEMPLATE =
      Setting.of(
          "input.url-template",
          Parser.of(
                  "a URL (rtmp, rtmps, rtsp, srt) or {rtmp-url}/path with {path} or {id} in it",
                  InputUrlTemplate::parse)
              .showing(Secrets::maskUrl)
              .orFile(),
          "{rtmp-url}/{path}",
          "Where a stream is read. {rtmp-url} (at the beginning) is mediamtx.rtmp-url, {path} the path"
              + " that MediaMTX told, {id} the stream id. With rtsp and srt the same MediaMTX hands out"
              + " what RTMP does not carry. FFmpeg counts SRT's latency in microseconds.");

  static final List<Setting<?>> SETTINGS = List.of(PATH_PATTERN, URL_TEMPLATE);

  static InputConfig from(Values values) {
    return new InputConfig(values.get(PATH_PATTERN), values.get(URL_TEMPLATE));
  }

  /** Patterns have no equality of their own. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InputConfig config
        && pathPattern.pattern().equals(config.pathPattern.pattern())
        && urlTemplate.equals(config.urlTemplate);
  }

  @Override
  public int hashCode() {
    return Objects.hash(pathPattern.pattern(), urlTemplate);
  }
}
