package babelmux.worker.destinations;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The destinations that a publisher has chosen by {@code ?to=NAME,NAME}.
 *
 * @param names those of the settings that the stream is sent to, in their order
 * @param unknown what the publisher named and no setting has
 */
public record DestinationChoice(List<String> names, List<String> unknown) {
  private static final String PARAMETER = "to";

  public DestinationChoice {
    names = List.copyOf(names);
    unknown = List.copyOf(unknown);
  }

  /**
   * Chooses: all without the parameter, none with an empty one.
   *
   * @param query the publisher's, as it stood in its URL
   * @param configured the names in the settings
   */
  public static DestinationChoice of(String query, List<String> configured) {
    Set<String> asked = new LinkedHashSet<>();
    boolean chosen = false;
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
      if (name.equals(PARAMETER)) {
        chosen = true;
        String values = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
        for (String value : values.split(",", -1)) {
          asked.add(value.strip());
        }
      }
    }
    if (!chosen) {
      return new DestinationChoice(configured, List.of());
    }
    List<String> unknown = new ArrayList<>(asked);
    unknown.removeIf(name -> name.isEmpty() || configured.contains(name));
    return new DestinationChoice(configured.stream().filter(asked::contains).toList(), unknown);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Not encoded: as it stands.
      return text;
    }
  }
}
