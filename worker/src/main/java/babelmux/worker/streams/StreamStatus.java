package babelmux.worker.streams;

import babelmux.worker.readback.OutputCheck;
import babelmux.worker.sts.BreakerState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything known about one stream at one moment: the body of {@code GET /v1/streams/{id}}, field
 * by field. URLs are redacted by whoever makes the value; nothing here is secret. Values that are
 * not known yet are null.
 *
 * @param streamId the id, {@code [A-Za-z0-9_-]+}
 * @param state where the stream is in its life
 * @param flags what is true beside the state
 * @param reason why it failed; null unless the state is FAILED
 * @param source what is read
 * @param outputUrl the first destination, redacted
 * @param startedAt when the stream was accepted, wall clock
 * @param delayMs source time to output time, milliseconds
 * @param media what the source carries; null until it is known
 * @param segments how far the dubbing is
 * @param sts the link to the speech-to-speech service
 * @param dubs each language by itself; {@code segments} and {@code sts} are the first one's
 * @param destinations where the output goes, the first one first
 * @param recording the output's recording; null when there is none
 * @param latenessMs how late the last packet was released, milliseconds; null before the first one
 * @param avDeltaMs (audio out - in) - (video out - in) of the last packets, milliseconds; null as
 *     long as one of the two is missing
 * @param warnings what is wrong with a stream that goes on, one sentence each
 * @param outputMs output time that is due now, milliseconds; null before the first packet was read
 * @param bypass whether an operator has taken the dubs off air
 * @param slots of the first dub: those that have not left, and the last ones that have
 */
public record StreamStatus(
    String streamId,
    StreamState state,
    Flags flags,
    @Nullable Reason reason,
    Source source,
    String outputUrl,
    Instant startedAt,
    long delayMs,
    @Nullable Media media,
    Segments segments,
    Sts sts,
    List<Dub> dubs,
    List<Destination> destinations,
    @Nullable Recording recording,
    @Nullable Double latenessMs,
    @Nullable Double avDeltaMs,
    List<String> warnings,
    @Nullable Long outputMs,
    Bypass bypass,
    List<Slot> slots) {

  public StreamStatus {
    if (reason != null && state != StreamState.FAILED) {
      throw new IllegalArgumentException("a reason belongs to FAILED, not to " + state);
    }
    dubs = List.copyOf(dubs);
    destinations = List.copyOf(destinations);
    warnings = List.copyOf(warnings);
    slots = List.copyOf(slots);
  }

  /** The same, shorter: for a list of many streams. */
  StreamStatus withoutSlots() {
    return with(List.of());
  }

  /** The same without what is said in the stream. */
  public StreamStatus withoutWords() {
    return with(slots.stream().map(Slot::withoutWords).toList());
  }

  private StreamStatus with(List<Slot> shown) {
    return new StreamStatus(
        streamId,
        state,
        flags,
        reason,
        source,
        outputUrl,
        startedAt,
        delayMs,
        media,
        segments,
        sts,
        dubs,
        destinations,
        recording,
        latenessMs,
        avDeltaMs,
        warnings,
        outputMs,
        bypass,
        shown);
  }

  /**
   * An operator's switch.
   *
   * @param active whether the original is heard instead of the dubs
   * @param since when that was switched, wall clock; null when it never was
   * @param sinceMs the same in output time, milliseconds; null when it never was, or before the
   *     first audio
   * @param scheduled what will be switched, in the order of time
   */
  public record Bypass(
      boolean active, @Nullable Instant since, @Nullable Long sinceMs, List<Scheduled> scheduled) {

    /** Never switched. */
    public static final Bypass OFF = new Bypass(false, null, null, List.of());

    public Bypass {
      scheduled = List.copyOf(scheduled);
    }
  }

  /**
   * A switch that waits for its time.
   *
   * @param bypass whether the original is heard from then on
   * @param atMs output time, milliseconds
   */
  public record Scheduled(boolean bypass, long atMs) {}

  /**
   * The place of a segment on the output's timeline.
   *
   * @param number of the segment, from 0
   * @param fragmentId the segment's name in the log, and at the STS when it was sent
   * @param startMs output time of its first sample, milliseconds
   * @param endMs behind its last one
   * @param state {@code waiting}, {@code dub} or {@code original}: what was decided, and is counted
   * @param reason why it fell back to the original; null when it did not
   * @param vetoed whether the original is heard in it whatever was decided
   * @param aired whether it has begun to leave
   * @param transcript of the segment; null unless the STS gave it
   * @param translation what the dub says; null unless the STS gave it
   */
  public record Slot(
      long number,
      String fragmentId,
      long startMs,
      long endMs,
      String state,
      @Nullable String reason,
      boolean vetoed,
      boolean aired,
      @Nullable String transcript,
      @Nullable String translation) {

    Slot withoutWords() {
      return new Slot(number, fragmentId, startMs, endMs, state, reason, vetoed, aired, null, null);
    }
  }

  /**
   * Flags beside the state. While nothing has left, both of the first two are false.
   *
   * @param dubbing the slot on air is a dub
   * @param original the slot on air is the original audio
   * @param sourceLost the source is gone and waited for
   * @param destinationDown at least one destination takes nothing
   */
  public record Flags(
      boolean dubbing, boolean original, boolean sourceLost, boolean destinationDown) {

    /** Nothing on air, nothing wrong. */
    public static final Flags NONE = new Flags(false, false, false, false);
  }

  /**
   * The reason that a stream failed.
   *
   * @param blame whose fault it is
   * @param message one sentence with the value seen
   * @param retryable whether trying again without a change may help
   */
  public record Reason(Blame blame, String message, boolean retryable) {}

  /**
   * The source that is read.
   *
   * @param url redacted
   * @param type MediaMTX's source type, such as {@code rtmpConn}; null when not started by a hook
   * @param id MediaMTX's source id; null when not started by a hook
   */
  public record Source(String url, @Nullable String type, @Nullable String id) {}

  /**
   * The tracks of the source; null stands for a track that is not there.
   *
   * @param videoCodec such as {@code h264}
   * @param width pixels
   * @param height pixels
   * @param audioCodec such as {@code aac}
   * @param audioRateHz samples a second
   * @param audioChannels number of channels
   */
  public record Media(
      @Nullable String videoCodec,
      @Nullable Integer width,
      @Nullable Integer height,
      @Nullable String audioCodec,
      @Nullable Integer audioRateHz,
      @Nullable Integer audioChannels) {}

  /**
   * Counts since the stream began.
   *
   * @param cut segments cut from the source
   * @param sent fragments given to the STS
   * @param dubbed slots filled by a dub
   * @param fallback slots that fell back to original audio, by reason ({@code timeout}, {@code
   *     error}...)
   * @param fitted dubs by what was done to make them as long as their slot ({@code exact}, {@code
   *     sped}...)
   */
  public record Segments(
      long cut, long sent, long dubbed, Map<String, Long> fallback, Map<String, Long> fitted) {

    /** Before the first segment. */
    public static final Segments NONE = new Segments(0, 0, 0, Map.of(), Map.of());

    public Segments {
      fallback = Map.copyOf(fallback);
      fitted = Map.copyOf(fitted);
    }
  }

  /**
   * The link to the speech-to-speech service.
   *
   * @param link its state, such as {@code connecting}, {@code ready}, {@code reconnecting}, {@code
   *     off}
   * @param breaker {@code closed}, {@code half_open} or {@code open}
   * @param inFlight fragments sent and not answered
   * @param lastError the last error seen, redacted; null if none
   * @param rttMs round trip of the last answered fragment, milliseconds; null before the first
   * @param deadDub what is wrong with dubs that came in time: {@code silent} or {@code repeated};
   *     null when nothing is
   * @param audioSeconds audio sent, fragments that were sent again included
   */
  public record Sts(
      String link,
      String breaker,
      int inFlight,
      @Nullable String lastError,
      @Nullable Long rttMs,
      @Nullable String deadDub,
      double audioSeconds) {

    /** No link, or none yet. */
    public static final Sts OFF = new Sts("off", BreakerState.CLOSED.tag(), 0, null, null, null, 0);
  }

  /**
   * One language that the stream is dubbed to.
   *
   * @param language the target language, such as {@code es}
   * @param segments how far this dub is
   * @param sts this dub's link
   */
  public record Dub(String language, Segments segments, Sts sts) {}

  /**
   * One place that the output is sent to.
   *
   * @param name {@code out} for the stream's own output
   * @param url redacted; a stream key is not shown
   * @param state such as {@code connecting}, {@code up}, {@code down}, {@code waiting}
   * @param lastError the last error seen, redacted; null if none
   * @param bytes bytes written
   * @param drops packets dropped
   * @param reconnects times that the connection was made again
   * @param queueSeconds media time that waits to be sent
   * @param uptimeSeconds how long its connection has stood; 0 when there is none
   * @param check result of the last reading as a viewer; null before the first one, and when this
   *     destination is not read back
   */
  public record Destination(
      String name,
      String url,
      String state,
      @Nullable String lastError,
      long bytes,
      long drops,
      long reconnects,
      double queueSeconds,
      double uptimeSeconds,
      @Nullable OutputCheck check) {}

  /**
   * A recording of the output.
   *
   * @param state {@code waiting}, {@code recording}, {@code stopped} by an error, or {@code closed}
   * @param file the current or last file, in {@code record.to}; null before the first one
   * @param lastError why it is stopped; null when it is not
   * @param bytes bytes of media written
   * @param drops packets that are in no file
   */
  public record Recording(
      String state, @Nullable String file, @Nullable String lastError, long bytes, long drops) {}
}
