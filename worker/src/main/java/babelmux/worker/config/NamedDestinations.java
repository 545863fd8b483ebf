package babelmux.worker.config;

import babelmux.media.Secrets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where streams are sent beside their own output, by name, in the order in which they were given.
 *
 * @param urls with their placeholders; secret
 */
public record NamedDestinations(Map<String, OutputUrlTemplate> urls) {

  /** None. */
  public static final NamedDestinations NONE = new NamedDestinations(Map.of());

  static final String EXPECTED =
      "NAME=URL, separated by blanks; a NAME is "
          + DestinationName.EXPECTED
          + "; a URL is of rtmp, rtmps, srt or file, or begins with {rtmp-url}/, and may have {id},"
          + " {source-language} and {target-language} in it, or @FILE names a file with it as its"
          + " only line";

  public NamedDestinations {
    urls = Collections.unmodifiableMap(new LinkedHashMap<>(urls));
  }

  /**
   * Reads names and URLs, separated by blanks.
   *
   * @throws IllegalArgumentException if one of them is not as expected, or a name stands there
   *     twice
   */
  static NamedDestinations parse(String text) {
    Map<String, OutputUrlTemplate> urls = new LinkedHashMap<>();
    for (String word : words(text)) {
      int equals = word.indexOf('=');
      Parsers.require(equals > 0);
      String name = word.substring(0, equals);
      Parsers.require(DestinationName.isGood(name));
      OutputUrlTemplate url = OutputUrlTemplate.parseFurther(word.substring(equals + 1));
      Parsers.require(urls.put(name, url) == null);
    }
    return new NamedDestinations(urls);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  /** What was written, without secrets. */
  static String shown(String text) {
    return words(text).stream()
        .map(
            word -> {
              int equals = word.indexOf('=');
              // A URL without a name may have an equals sign in its query.
              int url = word.lastIndexOf("/", equals) < 0 ? equals + 1 : 0;
              return word.substring(0, url) + Secrets.maskKey(word.substring(url));
            })
        .collect(Collectors.joining(" "));
  }

  /** Their names, in order. */
  public List<String> names() {
    return List.copyOf(urls.keySet());
  }

  /** Redacted. */
  @Override
  public String toString() {
    return urls.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + Secrets.maskKey(entry.getValue().template().text()))
        .collect(Collectors.joining(" "));
  }
}
