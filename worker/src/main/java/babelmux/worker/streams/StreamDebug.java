package babelmux.worker.streams;

import babelmux.worker.sts.LinkStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one stream at one moment, for whoever looks for a fault: the body of
 * {@code GET /v1/streams/{id}/debug}. URLs are redacted; nothing here is secret, and no spoken word
 * is in it.
 *
 * @param status as the API shows it, without transcripts and translations
 * @param link the link to the STS; null while there is none
 * @param clocks times of this stream
 * @param queues what waits in it
 * @param events the last events, the oldest first
 */
public record StreamDebug(
    StreamStatus status,
    @Nullable LinkStatus link,
    Clocks clocks,
    Queues queues,
    List<Event> events) {

  public StreamDebug {
    events = List.copyOf(events);
  }

  /** Of a stream that has nothing beside its status. */
  static StreamDebug of(StreamStatus status) {
    return new StreamDebug(status.withoutWords(), null, Clocks.NONE, Queues.NONE, List.of());
  }

  /**
   * Times of a stream.
   *
   * @param ageMs since it was accepted, monotonic clock
   * @param sinceReadMs since a packet was read, monotonic clock; null before the first one
   * @param outputMs output time that is due now; null before the first packet was read
   * @param delayMs source time to output time
   */
  public record Clocks(
      @Nullable Long ageMs, @Nullable Long sinceReadMs, @Nullable Long outputMs, long delayMs) {

    /** Of a stream that does not run. */
    static final Clocks NONE = new Clocks(null, null, null, 0);
  }

  /**
   * What waits in a stream; that of its destinations stands in {@code status.destinations}.
   *
   * @param delayLineBytes payload of packets that were read and have not left
   * @param delayLineFull whether the source is held back
   * @param slotsWaiting slots that the STS may still fill
   */
  public record Queues(long delayLineBytes, boolean delayLineFull, int slotsWaiting) {

    /** Nothing waits. */
    static final Queues NONE = new Queues(0, false, 0);
  }

  /**
   * Something that happened to a stream.
   *
   * @param at wall clock
   * @param event such as {@code cut}, {@code sent}, {@code fell_back}, {@code state}
   * @param segment number of the segment that it is about; null when it is about none
   * @param fragmentId the segment's name; null when it is about none
   * @param detail null when there is nothing to say
   */
  public record Event(
      Instant at,
      String event,
      @Nullable Long segment,
      @Nullable String fragmentId,
      @Nullable String detail) {}
}
