package babelmux.worker.output;

import babelmux.media.SinkOptions;
import babelmux.worker.retry.Backoff;
import java.time.Duration;

/**
 * The limits of a destination.
 *
 * @param sink of connecting and writing
 * @param maxQueueBytes bytes that may wait
 * @param maxQueueSpan media time that may wait
 * @param upAfter how long bytes must have flowed before a destination counts as up: a busy path of
 *     MediaMTX accepts a publisher and breaks the pipe a little later
 * @param linger how long a connection stays open behind its last packet: a server that is left at
 *     once closes its viewers without what it still had for them (seen on MediaMTX 1.20)
 * @param retry the waits between tries
 * @param gather how long packets are gathered before they are written together; 0: each at once.
 *     Its thread is woken less often, and so are the system and the server
 */
public record DestinationOptions(
    SinkOptions sink,
    long maxQueueBytes,
    Duration maxQueueSpan,
    Duration upAfter,
    Duration linger,
    Backoff retry,
    Duration gather) {
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);
  private static final SinkOptions LIMITS = new SinkOptions(OPEN_LIMIT, Duration.ofSeconds(10));

  // Before a write blocks at all, the socket's buffer is full, which takes 7 s at 0.4 Mbit/s: both
  // together are to be under 15 s.
  private static final SinkOptions FURTHER_LIMITS =
      new SinkOptions(OPEN_LIMIT, Duration.ofSeconds(5));
  private static final Duration UP_AFTER = Duration.ofSeconds(3);
  private static final Duration FRAGMENT = Duration.ofSeconds(1);
  private static final Duration GATHER = Duration.ofMillis(100);
  private static final Duration LINGER = Duration.ofMillis(700);

  /** The waits between tries of a server that is not ours: 1 s, doubled up to 30 s. */
  static final Backoff PATIENT =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(33));

  /** The waits of the stream's own output: never more than 2 s. */
  static final Backoff EAGER =
      new Backoff(Duration.ofMillis(900), Duration.ofMillis(1800), Duration.ofSeconds(2));

  /** Each packet is written at once. */
  public DestinationOptions(
      SinkOptions sink,
      long maxQueueBytes,
      Duration maxQueueSpan,
      Duration upAfter,
      Duration linger,
      Backoff retry) {
    this(sink, maxQueueBytes, maxQueueSpan, upAfter, linger, retry, Duration.ZERO);
  }

  /** Those of the stream's own output. */
  public static DestinationOptions defaults() {
    return new DestinationOptions(
        LIMITS, 64L << 20, Duration.ofSeconds(10), UP_AFTER, LINGER, EAGER);
  }

  /**
   * Those of a destination beside the stream's own output. What is late by more than 2 s for a
   * server is dropped.
   */
  public static DestinationOptions ofFurther(DestinationTarget target) {
    return target.isFile()
        ? ofFile()
        : new DestinationOptions(
                FURTHER_LIMITS, 16L << 20, Duration.ofSeconds(2), UP_AFTER, LINGER, PATIENT)
            .gathering(GATHER);
  }

  /** Those of a file: nobody waits for what is late, and it can be played after a crash. */
  public static DestinationOptions ofFile() {
    return new DestinationOptions(
            LIMITS.inFragments(FRAGMENT),
            64L << 20,
            Duration.ofSeconds(10),
            Duration.ZERO,
            LINGER,
            PATIENT)
        .gathering(GATHER);
  }

  /** The same, where packets are gathered for so long. */
  DestinationOptions gathering(Duration together) {
    return new DestinationOptions(
        sink.gathering(), maxQueueBytes, maxQueueSpan, upAfter, linger, retry, together);
  }
}
