package babelmux.app.doctor;

import static java.util.Objects.requireNonNull;

import babelmux.hooks.ControlApiException;
import babelmux.hooks.ListedPath;
import babelmux.hooks.ServerSettings;
import babelmux.hooks.TestStreams;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges what the Control API tells. Pure. */
final class ApiVerdict {
  static final String OLDEST = "1.9";

  private static final Pattern VERSION = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6}).*");
  private static final int OLDEST_MAJOR = 1;
  private static final int OLDEST_MINOR = 9;

  /** Of paths that one finding tells. */
  private static final int MAX_NAMES = 20;

  private ApiVerdict() {}

  /** Whether it answers, and which MediaMTX that is. */
  static Finding answer(ApiSight sight, String url) {
    ControlApiException failure = sight.failure();
    if (failure != null) {
      return Finding.of(Code.ofApi(failure.status()), String.valueOf(failure.getMessage()));
    }
    String version = sight.version();
    if (version == null) {
      return Finding.ok(
          "control api", url + " answers, MediaMTX of an unknown version (before 1.15)");
    }
    return isOld(version)
        ? Finding.of(Code.OLD_VERSION, "%s is MediaMTX %s".formatted(url, version))
        : Finding.ok("control api", "%s answers, MediaMTX %s".formatted(url, version));
  }

  /** A version that cannot be read is not blamed. */
  static boolean isOld(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
  }

  /** Whether strangers may use it. */
  static Finding access(ApiSight sight, String url) {
    String subject = Code.API_OPEN.subject();
    ServerSettings settings = sight.settings();
    if (settings != null && settings.authMethod().equals("internal")) {
      if (isLoopback(settings.apiAddress())) {
        return Finding.ok(subject, "it listens on loopback only");
      }
      return settings.users().stream().anyMatch(ApiVerdict::letsAnybodyIn)
          ? Finding.of(
              Code.API_OPEN,
              "authInternalUsers lets the user any use it, from more than single addresses (%s, apiAddress %s)"
                  .formatted(url, settings.apiAddress()))
          : Finding.ok(subject, "strangers may not use it");
    }
    Boolean stranger = sight.stranger();
    if (stranger == null) {
      return Finding.unknown(subject, "whether strangers may use it cannot be seen from here");
    }
    return stranger
        ? Finding.of(
            Code.API_OPEN,
            "%s answers under an address of this machine that is not loopback, without a password"
                .formatted(url))
        : Finding.ok(subject, "strangers are not let in");
  }

  private static boolean letsAnybodyIn(ServerSettings.User user) {
    return user.isAnybody()
        && user.actions().contains("api")
        && (user.ips().isEmpty() || !user.ips().stream().allMatch(ApiVerdict::isNarrow));
  }

  /** Loopback, or one single address. */
  static boolean isNarrow(String range) {
    String[] parts = range.strip().split("/", 2);
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(parts[0]);
    if (address == null) {
      return false;
    }
    int bits = address.getAddress().length * 8;
    boolean single = parts.length == 1 || parts[1].equals(Integer.toString(bits));
    return single || address.isLoopbackAddress();
  }

  private static boolean isLoopback(String listening) {
    int colon = listening.lastIndexOf(':');
    String host = colon < 0 ? listening : listening.substring(0, colon).replaceAll("[\\[\\]]", "");
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    return host.equals("localhost") || (address != null && address.isLoopbackAddress());
  }

  /** What is published on the inputs just now. */
  static Finding inputs(ApiSight sight, Pattern inputs) {
    List<String> ready =
        sight.listed().stream()
            .filter(ListedPath::ready)
            .map(ListedPath::name)
            .filter(name -> inputs.matcher(name).matches())
            .toList();
    if (!ready.isEmpty()) {
      return Finding.ok("inputs", names(ready));
    }
    boolean analysed =
        sight.connections().stream().anyMatch(connection -> connection.state().equals("idle"));
    return Finding.ok(
        "inputs",
        analysed
            ? "a publisher is connected, its path is not ready yet (the first 2 s are analysed)"
            : "nobody publishes on " + inputs);
  }

  /**
   * Whether others publish outputs there. What another doctor publishes for some seconds is no
   * stream.
   *
   * @param pattern of the paths of outputs, the stream id in its group
   * @param here ids of the streams that this worker has
   * @param url of the API
   */
  static Finding others(ApiSight sight, Pattern pattern, Set<String> here, String url) {
    List<String> foreign = new ArrayList<>();
    for (ListedPath path : sight.listed()) {
      Matcher matcher = pattern.matcher(path.name());
      boolean isOutput = path.ready() && !path.sourceType().isEmpty() && matcher.matches();
      if (isOutput) {
        String id = requireNonNull(matcher.group(1));
        if (!here.contains(id) && !TestStreams.isReserved(id)) {
          foreign.add(path.name());
        }
      }
    }
    String subject = Code.OTHER_WORKER.subject();
    return foreign.isEmpty()
        ? Finding.ok(subject, "nobody else publishes outputs on " + url)
        : Finding.of(
            Code.OTHER_WORKER,
            "%s %s published, and this worker has no such stream"
                .formatted(names(foreign), foreign.size() == 1 ? "is" : "are"));
  }

  private static String names(List<String> paths) {
    String first = String.join(", ", paths.subList(0, Math.min(paths.size(), MAX_NAMES)));
    int more = paths.size() - MAX_NAMES;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }
}
