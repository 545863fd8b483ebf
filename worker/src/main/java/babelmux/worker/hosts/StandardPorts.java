package babelmux.worker.hosts;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The TCP port that a URL without one means, by its scheme: the one table of them. */
public final class StandardPorts {
  private static final Map<String, Integer> PORTS =
      Map.of(
          "rtmp", 1935, "rtmps", 443, "rtsp", 554, "rtsps", 322, "http", 80, "https", 443, "ws", 80,
          "wss", 443);

  private StandardPorts() {}

  /**
   * The port of a scheme.
   *
   * @param scheme in lower case
   * @return empty for one that has none, such as srt, or is not known
   */
  public static OptionalInt of(String scheme) {
    Integer port = PORTS.get(scheme);
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** The schemes that have one. */
  public static Set<String> schemes() {
    return PORTS.keySet();
  }
}
