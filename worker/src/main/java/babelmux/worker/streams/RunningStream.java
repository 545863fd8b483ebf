package babelmux.worker.streams;

import babelmux.hooks.SourceEvent;
import babelmux.media.TrackInfo;
import babelmux.worker.config.Redaction;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationState;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.session.Session;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.StsLink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One stream: its session, what started it, and what is known about it. Thread-safe. */
final class RunningStream {
  private final String streamId;
  private final String sourceUrl;
  private final List<String> outputUrls;
  private final long delayMs;
  private final Instant startedAt;
  private final long startedNanos = System.nanoTime();
  private final StreamMeters meters;
  private final StreamEvents events;
  private final List<Destination> destinations;
  private final Session session;
  private volatile SourceEvent source;
  private volatile @Nullable StreamStatus last;

  RunningStream(
      SourceEvent source,
      String sourceUrl,
      List<String> outputUrls,
      long delayMs,
      Instant startedAt,
      StreamMeters meters,
      StreamEvents events,
      List<Destination> destinations,
      Session session) {
    this.streamId = source.streamId();
    this.source = source;
    this.sourceUrl = sourceUrl;
    this.outputUrls = List.copyOf(outputUrls);
    this.delayMs = delayMs;
    this.startedAt = startedAt;
    this.meters = meters;
    this.events = events;
    this.destinations = List.copyOf(destinations);
    this.session = session;
  }

  String id() {
    return streamId;
  }

  Session session() {
    return session;
  }

  /** Whether it reads no more: what was read is leaving. */
  boolean isLeaving() {
    StreamState state = events.state();
    return state == StreamState.DRAINING || state.isFinal();
  }

  SourceEvent source() {
    return source;
  }

  long startedNanos() {
    return startedNanos;
  }

  long lastReadNanos() {
    return events.lastReadNanos();
  }

  /** Another source, or the same one again, is on the path. */
  void sourceIs(SourceEvent event) {
    source = event;
    session.sourceAvailable();
  }

  /** Freezes the status: the session's formats are gone after its end. */
  void freeze() {
    last = status();
  }

  StreamStatus status() {
    StreamStatus frozen = last;
    return frozen == null ? current() : frozen;
  }

  private StreamStatus current() {
    StreamState state = events.state();
    SessionFailure failure = events.failure();
    Boolean dub = events.dubOnAir();
    List<StreamStatus.Destination> outputs = new ArrayList<>();
    boolean down = false;
    for (int i = 0; i < destinations.size(); i++) {
      DestinationStatus output = destinations.get(i).status();
      down |= output.state() == DestinationState.DOWN;
      outputs.add(
          new StreamStatus.Destination(
              Redaction.url(outputUrls.get(i)),
              output.state().label(),
              output.lastError(),
              output.bytes(),
              output.dropped(),
              output.reconnects()));
    }
    StreamMeters.Counts counts = meters.counts();
    return new StreamStatus(
        streamId,
        state,
        new StreamStatus.Flags(
            Boolean.TRUE.equals(dub),
            Boolean.FALSE.equals(dub),
            events.sourceReason() != null && !state.isFinal(),
            down),
        state == StreamState.FAILED && failure != null
            ? new StreamStatus.Reason(
                failure.ofSource() ? Blame.SOURCE : Blame.OURS,
                failure.message(),
                failure.ofSource())
            : null,
        new StreamStatus.Source(Redaction.url(sourceUrl), source.sourceType(), source.sourceId()),
        Redaction.url(outputUrls.get(0)),
        startedAt,
        delayMs,
        media(),
        new StreamStatus.Segments(
            counts.cut(), counts.sent(), counts.dubbed(), counts.fallback(), counts.fitted()),
        sts(),
        outputs,
        events.latenessMs(),
        events.avDeltaMs());
  }

  private StreamStatus.@Nullable Media media() {
    TrackInfo video = session.video();
    TrackInfo audio = session.audio();
    if (video == null && audio == null) {
      return null;
    }
    return new StreamStatus.Media(
        video == null ? null : video.codec(),
        video == null ? null : video.width(),
        video == null ? null : video.height(),
        audio == null ? null : audio.codec(),
        audio == null ? null : audio.sampleRate(),
        audio == null ? null : audio.channels());
  }

  private StreamStatus.Sts sts() {
    StsLink link = session.link();
    if (link == null) {
      return new StreamStatus.Sts("off", BreakerState.CLOSED.tag(), 0, null, null);
    }
    LinkStatus status = link.status();
    return new StreamStatus.Sts(
        status.state().tag(),
        status.breaker().tag(),
        status.inFlight(),
        status.lastError(),
        status.rttLastMs() < 0 ? null : status.rttLastMs());
  }
}
