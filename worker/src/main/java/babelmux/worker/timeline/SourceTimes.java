package babelmux.worker.timeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/** The PTS that samples of the session have in the source. Not thread-safe. */
public final class SourceTimes {
  private final SampleRate rate;
  private final Deque<Span> spans = new ArrayDeque<>();

  private record Span(long start, long end, long sourceUs) {}

  /**
   * @param rate of the session's samples
   */
  public SourceTimes(SampleRate rate) {
    this.rate = rate;
  }

  /**
   * A packet's audio has its place.
   *
   * @param start its first sample
   * @param end behind its last one
   * @param sourceUs PTS of its first sample in the source, unwrapped, microseconds
   */
  public void add(long start, long end, long sourceUs) {
    spans.addLast(new Span(start, end, sourceUs));
  }

  /** The source's PTS of a sample; empty where it has none. Forgets what lies before. */
  public OptionalLong at(long sample) {
    while (!spans.isEmpty() && spans.getFirst().end() <= sample) {
      spans.removeFirst();
    }
    Span span = spans.peekFirst();
    return span == null || sample < span.start()
        ? OptionalLong.empty()
        : OptionalLong.of(span.sourceUs() + rate.microsAt(sample - span.start()));
  }
}
