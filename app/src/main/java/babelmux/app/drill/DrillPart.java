package babelmux.app.drill;

import babelmux.worker.hosts.StandardPorts;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server that a drill stands before.
 *
 * @param url with scheme, host and port
 * @param listenPort of the proxy; 0 for a free one
 */
public record DrillPart(URI url, int listenPort) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** Words that begin other lines. */
  private static final Set<String> TAKEN = Set.of("wait", "help", "quit");

  /** TCP, with a port that the URL has to name. */
  private static final String PLAIN = "tcp";

  /**
   * Checks a name.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static String name(String text) {
    if (!NAME.matcher(text).matches() || TAKEN.contains(text)) {
      throw new IllegalArgumentException(
          "'%s', expected a name of small letters, digits and -, none of %s"
              .formatted(text, String.join(", ", TAKEN.stream().sorted().toList())));
    }
    return text;
  }

  /**
   * Reads the server's URL; what is no address in it (user, path, query) is left out.
   *
   * @throws IllegalArgumentException saying what was expected, without repeating a password
   */
  public static URI server(String text) {
    try {
      URI url = new URI(text);
      String scheme = String.valueOf(url.getScheme());
      int standard = StandardPorts.of(scheme).orElse(-1);
      if ((standard > 0 || scheme.equals(PLAIN)) && url.getHost() != null) {
        int port = url.getPort() >= 0 ? url.getPort() : standard;
        if (port > 0 && port <= 65_535) {
          return new URI(url.getScheme(), null, url.getHost(), port, null, null, null);
        }
      }
    } catch (URISyntaxException e) {
      // Its message would repeat the whole URL.
    }
    throw new IllegalArgumentException(
        "expected a URL with a host, and a scheme of TCP: "
            + Stream.concat(StandardPorts.schemes().stream(), Stream.of(PLAIN))
                .sorted()
                .collect(Collectors.joining(", ")));
  }
}
