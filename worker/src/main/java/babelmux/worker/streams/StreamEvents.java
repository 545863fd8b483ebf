package babelmux.worker.streams;

import babelmux.media.LogFields;
import babelmux.media.TrackKind;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.metrics.TrackType;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.Reading;
import babelmux.worker.readback.SentSince;
import babelmux.worker.session.DropReason;
import babelmux.worker.session.DubListener;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.session.SessionListener;
import babelmux.worker.session.SlotWords;
import babelmux.worker.session.StreamWarning;
import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.DeadDubWatch;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sts.FallbackReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what happens in a session into meters, the stream's state, and a log line where it matters.
 * Thread-safe.
 */
final class StreamEvents implements SessionListener, DubListener {
  private static final Logger log = LoggerFactory.getLogger(StreamEvents.class);

  // A keyframe alone says nothing about the bitrate.
  private static final long MIN_READ_MILLIS = 2_000;

  private final StreamMeters meters;
  private final LatenessWatch lateness;
  private final DubListener recorded;
  private final Runnable whenOver;
  private final StreamJournal journal;
  private final Warnings warnings = new Warnings();
  private StreamState state = StreamState.STARTING;
  private @Nullable SessionFailure failure;
  private @Nullable String sourceReason;
  // Packets leave.
  private boolean live;
  private volatile @Nullable Boolean dubOnAir;
  private volatile @Nullable DeadDub deadDub;
  private volatile boolean bypassed;
  // Segments without a dub since the last one with it; guarded by warnings.
  private int fallbacksInARow;
  private volatile @Nullable SentSince watched;
  private volatile @Nullable Runnable interruptReading;
  private volatile @Nullable OutputCheck outputCheck;
  private volatile long latenessNanos = Long.MIN_VALUE;
  private volatile long avDeltaUs = Long.MIN_VALUE;
  private volatile long lastReadNanos;
  private volatile long firstReadNanos;
  private final AtomicLong bytesRead = new AtomicLong();
  private volatile boolean hasRead;

  /** Of a stream that is not recorded, and whose events nobody else reads. */
  StreamEvents(StreamMeters meters, LatenessWatch lateness, Runnable whenOver) {
    this(meters, lateness, new DubListener() {}, event -> {}, whenOver);
  }

  /**
   * @param lateness is told how late each packet leaves
   * @param recorded is told what the slots are
   * @param journaled is told of each event of the journal, on the stream's threads; must not block
   * @param whenOver called when the session is over, on its last thread
   */
  StreamEvents(
      StreamMeters meters,
      LatenessWatch lateness,
      DubListener recorded,
      Consumer<StreamDebug.Event> journaled,
      Runnable whenOver) {
    this.meters = meters;
    this.recorded = recorded;
    this.journal = new StreamJournal(InstantSource.system(), journaled);
    this.lateness = lateness;
    this.whenOver = whenOver;
    this.lastReadNanos = System.nanoTime();
  }

  /** The last events. */
  StreamJournal journal() {
    return journal;
  }

  synchronized StreamState state() {
    return state;
  }

  synchronized @Nullable SessionFailure failure() {
    return failure;
  }

  /** The reason that the source was lost or could not be opened; null while it is read. */
  synchronized @Nullable String sourceReason() {
    return sourceReason;
  }

  /** Returns whether the current slot is a dub; null while there is none. */
  @Nullable Boolean dubOnAir() {
    return dubOnAir;
  }

  /** Milliseconds; null before the first packet left. */
  @Nullable Double latenessMs() {
    return latenessNanos == Long.MIN_VALUE ? null : latenessNanos / 1e6;
  }

  /** Milliseconds; null before the first audio. */
  @Nullable Double avDeltaMs() {
    return avDeltaUs == Long.MIN_VALUE ? null : avDeltaUs / 1e3;
  }

  /**
   * The time at which the last packet was read, monotonic clock; at which the stream was accepted
   * if there was none.
   */
  long lastReadNanos() {
    return lastReadNanos;
  }

  /** Returns whether a packet was ever read. */
  boolean hasRead() {
    return hasRead;
  }

  /** What it holds and how fast that grows. */
  Capacity.Running load(long nowNanos) {
    if (!hasRead) {
      return new Capacity.Running(0, 0);
    }
    long readMillis = (lastReadNanos - firstReadNanos) / 1_000_000;
    return new Capacity.Running(
        readMillis < MIN_READ_MILLIS ? 0 : bytesRead.get() * 8_000 / readMillis,
        Math.max(0, nowNanos - firstReadNanos) / 1_000_000);
  }

  /** Runs what writes to the log, with the segment's name on its lines. */
  private void named(long index, Runnable write) {
    String fragmentId = journal.name(index);
    if (fragmentId == null) {
      write.run();
    } else {
      LogFields.ofSegment(fragmentId, write);
    }
  }

  private synchronized void advance(StreamState next) {
    if (state != next && state.next().contains(next)) {
      state = state.to(next);
      setLive(next == StreamState.LIVE || (live && !next.isFinal()));
      log.info("stream {}", next.name().toLowerCase(Locale.ROOT));
      journal.add("state", next.name());
    }
  }

  /** Sets whether packets leave. Guarded by this. */
  private void setLive(boolean now) {
    if (live != now) {
      live = now;
      meters.live(now);
    }
  }

  /** Sets why the source is lost; null for not. Guarded by this. */
  private void setSourceReason(@Nullable String reason) {
    boolean was = sourceReason != null;
    sourceReason = reason;
    if (was != (reason != null)) {
      meters.sourceLost(reason != null);
    }
  }

  @Override
  public void buffering() {
    advance(StreamState.BUFFERING);
  }

  @Override
  public void live() {
    advance(StreamState.LIVE);
  }

  @Override
  public void draining() {
    advance(StreamState.DRAINING);
  }

  @Override
  public void ended(@Nullable SessionFailure reason) {
    synchronized (this) {
      failure = reason;
      setSourceReason(null);
    }
    dubOnAir = null;
    if (reason == null) {
      advance(StreamState.DRAINING);
      advance(StreamState.ENDED);
    } else {
      advance(StreamState.FAILED);
      log.error("stream failed: {}", reason.message());
      journal.add("failed", reason.message());
    }
    interruptReading();
    endWarnings();
    meters.close();
    whenOver.run();
  }

  @Override
  public void sourceLost(String reason) {
    synchronized (this) {
      setSourceReason(reason);
    }
    journal.add("source_lost", reason);
  }

  @Override
  public void sourceFound(boolean again) {
    synchronized (this) {
      setSourceReason(null);
    }
    journal.add("source_read", null);
    if (again) {
      meters.sourceReconnected();
    }
  }

  @Override
  public void heldBack(long nanos) {
    meters.heldBack(Duration.ofNanos(nanos));
  }

  @Override
  public void warning(StreamWarning kind, @Nullable String text) {
    Warnings.Change change;
    synchronized (warnings) {
      change = warnings.set(kind, text, System.nanoTime());
      if (change != Warnings.Change.NONE) {
        meters.warning(kind, text != null);
      }
    }
    if (change != Warnings.Change.NONE) {
      journal.add(text == null ? "warning_ends" : "warning", text == null ? kind.tag() : text);
    }
    switch (change) {
      case BEGINS -> log.warn("{}", text);
      case ENDS -> log.info("no longer: {}", kind.tag());
      case QUIET -> log.debug("{}: {}", kind.tag(), text);
      case NONE -> {}
    }
  }

  private void endWarnings() {
    synchronized (warnings) {
      warnings.kinds().forEach(kind -> meters.warning(kind, false));
    }
  }

  /** The current warnings, one sentence each. */
  List<String> warnings() {
    synchronized (warnings) {
      return warnings.texts();
    }
  }

  @Override
  public void onAir(boolean dub) {
    dubOnAir = dub;
    log.info("on air: {}", dub ? "dub" : "original audio");
    journal.add("on_air", dub ? "dub" : "original");
  }

  @Override
  public void bypassSwitched(boolean on, long atUs) {
    log.info(
        "bypass {}: {} from output time {} s on",
        on ? "on" : "off",
        on ? "original audio" : "the dubs",
        atUs / 1e6);
    journal.add("bypass", (on ? "on" : "off") + " at output time " + atUs / 1000 + " ms");
    bypassed = on;
    synchronized (warnings) {
      DeadDub dead = deadDub;
      if (dead != null) {
        warning(StreamWarning.DEAD_DUB, text(dead));
        if (!on) {
          log.warn("{}", text(dead));
        }
      }
    }
  }

  @Override
  public void bypassed(long us) {
    meters.bypassed(Duration.ofNanos(us * 1000));
  }

  @Override
  public void bypassedIn(long index) {
    recorded.bypassedIn(index);
  }

  @Override
  public void vetoed(long index) {
    recorded.vetoed(index);
    meters.vetoed();
    journal.add("vetoed", index, null);
    named(index, () -> log.info("segment {} is vetoed: original audio in its slot", index));
  }

  @Override
  public void read(boolean video, int bytes) {
    long now = System.nanoTime();
    lastReadNanos = now;
    bytesRead.addAndGet(bytes);
    if (!hasRead) {
      firstReadNanos = now;
      hasRead = true;
    }
    meters.packetIn(video ? TrackType.VIDEO : TrackType.AUDIO, bytes);
  }

  @Override
  public void cut(long index, boolean sent) {
    meters.segmentCut();
    journal.add("cut", index, sent ? null : "not to be sent");
    named(index, () -> log.debug("segment {} cut{}", index, sent ? "" : ", not to be sent"));
  }

  @Override
  public void segment(long index, String fragmentId, long startUs, long endUs) {
    journal.named(index, fragmentId);
    recorded.segment(index, fragmentId, startUs, endUs);
  }

  @Override
  public void words(long index, SlotWords words) {
    recorded.words(index, words);
  }

  @Override
  public void dubbed(long index) {
    recorded.dubbed(index);
    meters.decidedProcessed();
    journal.add("dubbed", index, null);
    named(index, () -> log.debug("segment {} has its dub", index));
    synchronized (warnings) {
      fallbacksInARow = 0;
    }
  }

  @Override
  public void fellBack(long index, FallbackReason reason, String detail) {
    recorded.fellBack(index, reason, detail);
    meters.decidedFallback(reason, journal.name(index));
    journal.add("fell_back", index, reason.tag() + ": " + detail);
    named(
        index,
        () ->
            log.warn(
                "segment {} fell back to original audio, {}: {}", index, reason.tag(), detail));
    synchronized (warnings) {
      fallbacksInARow++;
      if (fallbacksInARow == DeadDubWatch.LIMIT) {
        // Viewers hear no dead dub any more; the next one is named again.
        goodDub();
      }
    }
  }

  @Override
  public void fitted(long index, FitPlan plan) {
    meters.dubFitted(plan);
  }

  @Override
  public void deadDubs(DeadDub kind, int dubs) {
    meters.deadDubs(kind, dubs);
    synchronized (warnings) {
      if (deadDub != kind) {
        deadDub = kind;
        warning(StreamWarning.DEAD_DUB, text(kind));
      }
    }
  }

  private String text(DeadDub kind) {
    return kind.text()
        + (bypassed ? "; viewers hear the original, by a bypass" : ", and viewers hear that");
  }

  @Override
  public void goodDub() {
    synchronized (warnings) {
      deadDub = null;
      warning(StreamWarning.DEAD_DUB, null);
    }
  }

  /** Returns what is wrong with the dubs that the STS sends; null when nothing is. */
  @Nullable DeadDub deadDub() {
    return deadDub;
  }

  /** Notes what leaves from now on; what was noted before is let go. */
  SentSince watchSent() {
    SentSince since = new SentSince();
    watched = since;
    return since;
  }

  /**
   * The output was read back.
   *
   * @param output its URL, redacted
   */
  void outputChecked(Reading reading, String output) {
    OutputCheck result = reading.check();
    meters.outputChecked(result);
    if (result.isBad()) {
      warning(StreamWarning.OUTPUT_NOT_SEEN, "the output %s: %s".formatted(output, reading.text()));
    } else {
      warning(StreamWarning.OUTPUT_NOT_SEEN, null);
    }
    if (result == OutputCheck.UNKNOWN && outputCheck != result) {
      log.info("the output {} is not checked: {}", output, reading.text());
    }
    // Whoever sees the result sees the rest, too.
    outputCheck = result;
  }

  /** The output is being read back: to be interrupted with the session. */
  void readingBegins(Runnable interrupt) {
    interruptReading = interrupt;
    if (state().isFinal()) {
      interrupt.run();
    }
  }

  void readingEnds() {
    interruptReading = null;
    watched = null;
  }

  private void interruptReading() {
    Runnable interrupt = interruptReading;
    if (interrupt != null) {
      interrupt.run();
    }
  }

  /** The outputs are read back no longer. */
  void outputUnchecked() {
    outputCheck = null;
    warning(StreamWarning.OUTPUT_NOT_SEEN, null);
  }

  /** Result of the last reading of the output; null before the first one. */
  @Nullable OutputCheck outputCheck() {
    return outputCheck;
  }

  @Override
  public void dubGain(double decibels) {
    meters.dubGain(decibels);
  }

  @Override
  public void audioFrame(boolean copied) {
    meters.audioFrame(copied);
  }

  @Override
  public void limited(long us) {
    meters.limited(Duration.ofNanos(us * 1000));
  }

  @Override
  public void dropped(DropReason reason, long packets) {
    meters.dropped(reason, packets);
  }

  @Override
  public void released(OutputPacket packet, long lateNanos) {
    latenessNanos = lateNanos;
    lateness.released(lateNanos);
    SentSince since = watched;
    if (since != null) {
      since.sent(packet.packet().kind(), packet.packet().key(), packet.dtsUs(), System.nanoTime());
    }
    meters.packetOut(
        packet.packet().kind() == TrackKind.VIDEO ? TrackType.VIDEO : TrackType.AUDIO,
        packet.packet().size());
    meters.lateness(Duration.ofNanos(lateNanos));
  }

  @Override
  public void segmentReleased(long index, long nanos) {
    meters.chunkEndToEnd(Duration.ofNanos(nanos));
    meters.audioSegmentProcessed();
    journal.add("leaves", index, null);
    named(index, () -> log.debug("segment {} begins to leave", index));
  }

  @Override
  public void videoSegmentReleased() {
    meters.videoSegmentProcessed();
  }

  @Override
  public void avDelta(long us) {
    avDeltaUs = us;
    meters.avDelta(us / 1e3);
  }
}
