package babelmux.media;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What FFmpeg is given to open a sink.
 *
 * @param url what is opened, with its credentials
 * @param name what messages show: without secrets
 * @param options FFmpeg's options for this URL, before those that every sink has
 * @param secrets texts that no message and no log line shows, such as a stream key
 */
public record SinkAddress(
    String url, String name, Map<String, String> options, List<String> secrets) {

  public SinkAddress {
    requireNonNull(url);
    requireNonNull(name);
    options = Map.copyOf(options);
    secrets = List.copyOf(secrets);
  }

  /** A URL or the path of a file, as it is. */
  public static SinkAddress of(String url) {
    return new SinkAddress(url, FfmpegLog.redact(url), Map.of(), List.of());
  }

  /**
   * A URL that is published to: neither its credentials nor its stream key are shown.
   *
   * @param url what is opened
   * @param shown the URL that messages are about, when another one is opened in its place
   */
  public static SinkAddress publishing(String url, String shown, Map<String, String> options) {
    return new SinkAddress(url, Secrets.maskKey(shown), options, Secrets.keysOf(shown));
  }

  /** The same with one more of FFmpeg's options. */
  public SinkAddress with(String option, String value) {
    Map<String, String> all = new HashMap<>(options);
    all.put(option, value);
    return new SinkAddress(url, name, all, secrets);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return name;
  }
}
