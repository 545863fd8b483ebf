package babelmux.worker.config;

import babelmux.media.Secrets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a stream's output, with placeholders: {@code {rtmp-url}} (only at the beginning: the
 * server of {@code mediamtx.rtmp-url}, its credentials go to the end), {@code {id}} (needed: two
 * streams must not share an output), {@code {source-language}}, {@code {target-language}}.
 */
public final class OutputUrlTemplate {

  private static final String SERVER = "{rtmp-url}";
  private static final Set<String> SCHEMES = Set.of("rtmp", "rtmps", "srt", "rtsp", "file");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");
  private static final Set<String> KNOWN = Set.of("id", "source-language", "target-language");

  private final String text;

  private OutputUrlTemplate(String text) {
    this.text = text;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if a placeholder is unknown, {@code {id}} is missing or the
   *     scheme is not one of rtmp, rtmps, srt, rtsp, file
   */
  public static OutputUrlTemplate parse(String text) {
    String rest = text.startsWith(SERVER) ? text.substring(SERVER.length()) : text;
    Matcher placeholder = PLACEHOLDER.matcher(rest);
    boolean hasId = false;
    while (placeholder.find()) {
      Parsers.require(KNOWN.contains(placeholder.group(1)));
      hasId |= placeholder.group(1).equals("id");
    }
    Parsers.require(hasId);
    Parsers.require(!placeholder.replaceAll("").matches("(?s).*[{}\\s].*"));
    if (text.startsWith(SERVER)) {
      Parsers.require(rest.startsWith("/"));
    } else {
      int colon = text.indexOf("://");
      Parsers.require(colon > 0 && SCHEMES.contains(text.substring(0, colon)));
    }
    return new OutputUrlTemplate(text);
  }

  /**
   * The URL of one stream's output. May hold credentials: show it through {@link Secrets#maskUrl}.
   */
  public String resolve(ServerUrl rtmp, String streamId, Languages languages) {
    if (!text.startsWith(SERVER)) {
      return fill(text, streamId, languages);
    }
    String url = rtmp.base() + fill(text.substring(SERVER.length()), streamId, languages);
    String query = rtmp.query();
    return url + (url.contains("?") ? query.replace('?', '&') : query);
  }

  /** The path on the server of {@code mediamtx.rtmp-url}, or an empty text if it goes elsewhere. */
  String pathOnServer(String streamId, Languages languages) {
    return text.startsWith(SERVER)
        ? fill(text.substring(SERVER.length() + 1), streamId, languages).replaceAll("\\?.*", "")
        : "";
  }

  private static String fill(String text, String streamId, Languages languages) {
    return text.replace("{source-language}", languages.source())
        .replace("{target-language}", languages.target())
        .replace("{id}", streamId);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OutputUrlTemplate template && text.equals(template.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Redacted. */
  @Override
  public String toString() {
    return Secrets.maskUrl(text);
  }
}
