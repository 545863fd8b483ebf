package babelmux.worker.streams;

import babelmux.hooks.SourceEvent;
import babelmux.media.TrackInfo;
import babelmux.worker.captions.CaptionBook;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.output.DestinationState;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.recording.Recorder;
import babelmux.worker.recording.RecordingStatus;
import babelmux.worker.session.Session;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.session.SessionOptions;
import babelmux.worker.session.SlotState;
import babelmux.worker.sound.DeadDub;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.StsLink;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream's session with all that belongs to it, and how it is doing. Thread-safe.
 *
 * @param work what was to be done
 * @param destinations where the output goes; the session's
 * @param maker of further ones
 * @param recorder records the output; the session's; null when nothing is recorded
 * @param sourceLanguage of what is said in the source
 * @param captions what is said; null when that is not shown
 * @param session not started yet
 */
record StreamResources(
    StreamSpec work,
    StreamMeters meters,
    StreamEvents events,
    StreamDestinations destinations,
    DestinationMaker maker,
    @Nullable Recorder recorder,
    String sourceLanguage,
    @Nullable CaptionBook captions,
    Session session) {

  /**
   * The first destination when it is on MediaMTX and its connection was made and lost; else null.
   */
  @Nullable OutputOutage outage() {
    String path = work.outputPath();
    DestinationStatus output = destinations.out().status();
    return path == null || output.state() != DestinationState.DOWN || output.bytes() == 0
        ? null
        : new OutputOutage(work.streamId(), path, output.reconnects());
  }

  /** MediaMTX answers: the first destination is tried at once when it is there and down. */
  void serverAnswers() {
    if (work.outputPath() != null) {
      destinations.out().serverAnswers();
    }
  }

  /**
   * The first destination when it can be read back: on MediaMTX, as others need not let anybody
   * read, and only while media is sent to it; else null.
   */
  @Nullable CheckedOutput checkedOutput() {
    DestinationStatus output = destinations.out().status();
    boolean sends = events.state() == StreamState.LIVE && output.state() == DestinationState.UP;
    return work.outputPath() == null || !sends
        ? null
        : new CheckedOutput(
            work.streamId(),
            work.outputUrl(),
            output.reconnects(),
            session.video() != null,
            session.audio() != null,
            events);
  }

  /** The output time that is due now, microseconds; 0 before the first packet was read. */
  long outputUs() {
    return session.outputUs().orElse(0);
  }

  DestinationVerdict add(DestinationRequest request) {
    if (events.state().isFinal()) {
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.STREAM_OVER, "the stream is over already");
    }
    if (request.url().server().isSameResource(work.outputUrl())) {
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.INVALID,
          "url: %s: expected another one than the stream's output".formatted(request.url()));
    }
    return destinations.add(
        request.name(), session, () -> maker.posted(request.name(), request.url()));
  }

  DestinationVerdict remove(String name) {
    return destinations.remove(name, session);
  }

  StreamStatus status(SourceEvent source, StreamStatus.Bypass bypass) {
    StreamState state = events.state();
    SessionFailure failure = events.failure();
    Boolean dub = events.dubOnAir();
    StreamStatus.Segments segments = segments();
    StreamStatus.Sts sts = sts();
    OptionalLong outputUs = session.outputUs();
    return new StreamStatus(
        work.streamId(),
        state,
        new StreamStatus.Flags(
            Boolean.TRUE.equals(dub),
            Boolean.FALSE.equals(dub),
            events.sourceReason() != null && !state.isFinal(),
            destinations.isDown()),
        state == StreamState.FAILED && failure != null
            ? new StreamStatus.Reason(
                failure.ofSource() ? Blame.SOURCE : Blame.OURS,
                failure.message(),
                failure.ofSource())
            : null,
        work.shown(source),
        work.shownOutput(),
        work.acceptedAt(),
        work.delayMs(),
        media(),
        segments,
        sts,
        List.of(new StreamStatus.Dub(work.language(), segments, sts)),
        destinations.status(events.outputCheck()),
        recording(),
        events.latenessMs(),
        events.avDeltaMs(),
        events.warnings(),
        outputUs.isPresent() ? Math.floorDiv(outputUs.getAsLong(), 1000L) : null,
        bypass,
        slots());
  }

  /** Its words and its output. */
  StreamCaptions shownWords() {
    return new StreamCaptions(
        work.acceptedAt(),
        sourceLanguage,
        work.language(),
        work.outputPath(),
        captions,
        SessionOptions.LIVE_START.toNanos() / 1000,
        session::outputUs);
  }

  /**
   * All that is known.
   *
   * @param ageNanos since it was accepted
   */
  StreamDebug debug(StreamStatus status, long ageNanos) {
    StsLink link = session.link();
    return new StreamDebug(
        status.withoutWords(),
        link == null ? null : link.status(),
        new StreamDebug.Clocks(
            ageNanos / 1_000_000,
            events.hasRead() ? (System.nanoTime() - events.lastReadNanos()) / 1_000_000 : null,
            status.outputMs(),
            status.delayMs()),
        new StreamDebug.Queues(
            session.waitingBytes(),
            session.isFull(),
            (int) session.slots().stream().filter(s -> s.state() == SlotState.WAITING).count()),
        events.journal().events());
  }

  private List<StreamStatus.Slot> slots() {
    return session.slots().stream()
        .map(
            slot ->
                new StreamStatus.Slot(
                    slot.number(),
                    slot.fragmentId(),
                    Math.floorDiv(slot.startUs(), 1000L),
                    Math.floorDiv(slot.endUs(), 1000L),
                    slot.state().tag(),
                    slot.reason() == null ? null : slot.reason().tag(),
                    slot.vetoed(),
                    slot.aired(),
                    slot.transcript(),
                    slot.translation()))
        .toList();
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

  private StreamStatus.@Nullable Recording recording() {
    if (recorder == null) {
      return null;
    }
    RecordingStatus status = recorder.status();
    return new StreamStatus.Recording(
        status.state().label(),
        status.file(),
        status.lastError(),
        status.bytes(),
        status.dropped());
  }

  private StreamStatus.Segments segments() {
    StreamMeters.Counts counts = meters.counts();
    return new StreamStatus.Segments(
        counts.cut(), counts.sent(), counts.dubbed(), counts.fallback(), counts.fitted());
  }

  private StreamStatus.Sts sts() {
    StsLink link = session.link();
    if (link == null) {
      return StreamStatus.Sts.OFF;
    }
    LinkStatus status = link.status();
    DeadDub dead = events.deadDub();
    return new StreamStatus.Sts(
        status.state().tag(),
        status.breaker().tag(),
        status.inFlight(),
        status.lastError(),
        status.rttLastMs() < 0 ? null : status.rttLastMs(),
        dead == null ? null : dead.tag(),
        meters.sentAudio(work.language()).seconds());
  }
}
