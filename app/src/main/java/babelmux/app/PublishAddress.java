package babelmux.app;

import babelmux.worker.config.WorkerConfig;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what publishers publish to, by the settings. A function of values. */
final class PublishAddress {

  /** A pattern that is a path with one group in it, whatever the group takes. */
  private static final Pattern SIMPLE =
      Pattern.compile("\\^?(?<before>[A-Za-z0-9/_-]*)\\([^()]*\\)(?<behind>[A-Za-z0-9/_-]*)\\$?");

  private PublishAddress() {}

  /** The address, with NAME for the stream id and without credentials; empty if it is not known. */
  static Optional<String> of(WorkerConfig config) {
    return of(config.mediaMtx().rtmpUrl().toString(), config.input().pathPattern().pattern());
  }

  /**
   * The same.
   *
   * @param rtmpUrl MediaMTX's RTMP address, without credentials
   * @param pathPattern setting {@code input.path-pattern}
   */
  static Optional<String> of(String rtmpUrl, String pathPattern) {
    Matcher path = SIMPLE.matcher(pathPattern);
    return path.matches()
        ? Optional.of(rtmpUrl + "/" + path.group("before") + "NAME" + path.group("behind"))
        : Optional.empty();
  }
}
