package babelmux.media;

import org.slf4j.MDC;

/**
 * Names of what a log line belongs to, as keys of {@link MDC}: a thread has them while it works for
 * a stream, or for one of its segments.
 */
public final class LogFields {
  /** Id of the stream. */
  public static final String STREAM = "stream";

  /** Id of the segment: that of its fragment, the same from its cut until its slot has left. */
  public static final String SEGMENT = "segment";

  private LogFields() {}

  /** Runs what may log, with the name of a segment on each of its lines. */
  public static void ofSegment(String fragmentId, Runnable work) {
    String before = MDC.get(SEGMENT);
    MDC.put(SEGMENT, fragmentId);
    try {
      work.run();
    } finally {
      if (before == null) {
        MDC.remove(SEGMENT);
      } else {
        MDC.put(SEGMENT, before);
      }
    }
  }
}
