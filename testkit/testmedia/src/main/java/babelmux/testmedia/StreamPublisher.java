package babelmux.testmedia;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Publishes files in real time. Each method starts a task, which the caller closes. */
public final class StreamPublisher {
  private StreamPublisher() {}

  /**
   * Publishes a file once, its packets as they are.
   *
   * @param offsetSeconds added to its times: from 2 on, MediaMTX shows the stream at once and
   *     withholds nothing
   */
  public static MediaTask publish(Path file, String url, int offsetSeconds) {
    return start(List.of("-re", "-i", file.toString()), url, offsetSeconds);
  }

  /** Publishes a file again and again until the limit. */
  public static MediaTask loop(Path file, String url, int offsetSeconds, Duration limit) {
    return start(
        List.of("-re", "-stream_loop", "-1", "-i", file.toString(), "-t", seconds(limit)),
        url,
        offsetSeconds);
  }

  /**
   * Publishes an FLV file once over RTMP, byte for byte, with whatever times it has: PTS below DTS,
   * times that jump. Only the offset is added.
   */
  public static MediaTask publishUnrepaired(Path flv, String rtmpUrl, int offsetSeconds) {
    return MediaTask.start("publisher", new FlvSender(flv, rtmpUrl, offsetSeconds));
  }

  private static String seconds(Duration duration) {
    return Double.toString(duration.toMillis() / 1000.0);
  }

  private static MediaTask start(List<String> input, String url, int offsetSeconds) {
    List<String> arguments = new ArrayList<>(input);
    arguments.addAll(List.of("-map", "0", "-c", "copy"));
    arguments.addAll(List.of("-output_ts_offset", Integer.toString(offsetSeconds)));
    arguments.addAll(List.of("-flvflags", "no_duration_filesize", "-f", "flv", url));
    return MediaTask.start("publisher", new Transfer(Arguments.parse(arguments)));
  }
}
