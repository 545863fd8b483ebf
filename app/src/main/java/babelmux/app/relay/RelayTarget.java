package babelmux.app.relay;

import babelmux.media.Secrets;
import babelmux.worker.config.DestinationName;
import babelmux.worker.destinations.DestinationServers;
import babelmux.worker.output.DestinationTarget;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One place that a relay sends to.
 *
 * @param url of a server, or a file; secret
 */
public record RelayTarget(String name, String url) {
  private static final Set<String> SCHEMES = Set.of("rtmp", "rtmps", "srt");
  private static final List<String> ENDINGS = List.of(".mp4", ".mkv", ".ts", ".flv");
  private static final String EXPECTED = "expected NAME=URL or NAME=@FILE";

  /**
   * Reads all of them.
   *
   * @throws IllegalArgumentException if one is not as expected, or two are the same; shows no
   *     secret
   */
  public static List<RelayTarget> parse(List<String> texts) {
    List<RelayTarget> targets = texts.stream().map(RelayTarget::parse).toList();
    Set<String> names = new HashSet<>();
    Set<String> urls = new HashSet<>();
    for (RelayTarget target : targets) {
      if (!names.add(target.name())) {
        throw new IllegalArgumentException(
            "the name %s stands there twice: expected another one".formatted(target.name()));
      }
      if (!urls.add(target.url())) {
        throw new IllegalArgumentException(
            "%s has the URL of another one: expected another URL".formatted(target.name()));
      }
    }
    return targets;
  }

  private static RelayTarget parse(String text) {
    int equals = text.indexOf('=');
    // A URL without a name may have an equals sign in its query.
    if (equals < 0 || text.substring(0, equals).contains("/")) {
      throw new IllegalArgumentException("\"%s\": %s".formatted(Secrets.maskKey(text), EXPECTED));
    }
    String name = text.substring(0, equals);
    if (!DestinationName.isGood(name)) {
      throw new IllegalArgumentException(
          "name \"%s\": expected %s".formatted(name, DestinationName.EXPECTED));
    }
    String url = GivenText.read(name, text.substring(equals + 1));
    check(name, url);
    return new RelayTarget(name, url);
  }

  private static void check(String name, String url) {
    if (DestinationTarget.at(url).isFile()) {
      String lower = url.toLowerCase(Locale.ROOT);
      if (ENDINGS.stream().noneMatch(lower::endsWith)) {
        throw new IllegalArgumentException(
            "%s: \"%s\": expected a file that ends with %s, or a URL of rtmp, rtmps or srt"
                .formatted(name, Secrets.maskKey(url), String.join(", ", ENDINGS)));
      }
      return;
    }
    String scheme = url.substring(0, url.indexOf("://")).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      throw new IllegalArgumentException(
          "%s: scheme %s: expected rtmp, rtmps, srt or file".formatted(name, scheme));
    }
    try {
      SourceUrl.parse(url, Secrets::maskKey);
    } catch (InvalidSource e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /** How it is connected; no message of it shows a stream key. */
  public DestinationTarget target(DestinationServers servers) {
    return servers.configured(url, false);
  }

  /** The URL without secrets. */
  public String shownUrl() {
    return Secrets.maskKey(url);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return name + "=" + shownUrl();
  }
}
