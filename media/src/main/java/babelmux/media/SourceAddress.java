package babelmux.media;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What FFmpeg is given to open a source.
 *
 * @param url what is opened, with its credentials
 * @param name what messages show: without secrets
 * @param options FFmpeg's options for this URL, before those that every source has
 * @param oneConnection whether FFmpeg may connect once and no more: a server cannot send it on to
 *     another address
 */
public record SourceAddress(
    String url, String name, Map<String, String> options, boolean oneConnection) {

  public SourceAddress {
    requireNonNull(url);
    requireNonNull(name);
    options = Map.copyOf(options);
  }

  /** A URL or the path of a file, as it is. */
  public static SourceAddress of(String url) {
    return new SourceAddress(url, FfmpegLog.redact(url), Map.of(), false);
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return name;
  }
}
