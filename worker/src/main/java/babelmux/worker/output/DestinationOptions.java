package babelmux.worker.output;

import babelmux.media.SinkOptions;
import java.time.Duration;

/**
 * @param sink the limits of connecting and writing
 * @param maxQueueBytes bytes that may wait
 * @param maxQueueSpan media time that may wait
 * @param upAfter how long bytes must have flowed before a destination counts as up: a busy path of
 *     MediaMTX accepts a publisher and breaks the pipe a little later
 * @param linger how long a connection stays open behind its last packet: a server that is left at
 *     once closes its viewers without what it still had for them (seen on MediaMTX 1.20)
 */
public record DestinationOptions(
    SinkOptions sink,
    long maxQueueBytes,
    Duration maxQueueSpan,
    Duration upAfter,
    Duration linger) {
  public static DestinationOptions defaults() {
    return new DestinationOptions(
        new SinkOptions(Duration.ofSeconds(10), Duration.ofSeconds(15)),
        64L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(3),
        Duration.ofMillis(700));
  }
}
