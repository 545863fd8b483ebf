package babelmux.worker.metrics;

import babelmux.worker.readback.OutputCheck;
import babelmux.worker.session.DropReason;
import babelmux.worker.session.StreamWarning;
import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.FitAction;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.ProtocolViolation;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one session. Safe for all threads; no method blocks. Whoever got it from {@link
 * WorkerMetrics#open} closes it when the session is over; its series stay for a while after that.
 */
public final class StreamMeters implements AutoCloseable {

  private final DubMeters dub;
  private final LinkMeters link;
  private final PathMeters path;
  private final RecordingMeters recording;
  private final StreamSeries series;
  private final Collection<DestinationMeters> destinations = new ConcurrentLinkedQueue<>();
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  StreamMeters(StreamSeries series, Runnable onClose) {
    this.series = series;
    dub = series.dub;
    link = series.link;
    path = series.path;
    recording = series.recording;
    this.onClose = onClose;
  }

  /** A segment of audio was cut. */
  public void segmentCut() {
    dub.cut.increment();
  }

  /** A fragment was given to the STS. */
  public void fragmentSent() {
    dub.sent.increment();
  }

  /** The audio that is sent to the STS to be dubbed to a language. */
  public SentAudioMeter sentAudio(String targetLanguage) {
    return series.sentAudio(targetLanguage);
  }

  /** It is decided that a slot is filled by its dub. */
  public void decidedProcessed() {
    dub.processed.increment();
  }

  /**
   * Counts a slot that fell back to original audio.
   *
   * @param fragmentId the segment's name, of 64 characters at most; null when it is not known any
   *     more
   */
  public void decidedFallback(FallbackReason reason, @Nullable String fragmentId) {
    dub.fallback.increment();
    get(dub.fallbacks, reason).increment(fragmentId);
  }

  /** An answer of the STS was thrown away. */
  public void dubDiscarded(DubDiscard reason) {
    get(dub.discarded, reason).increment();
  }

  /** A dub was made as long as its slot, or refused because it cannot be. */
  public void dubFitted(FitPlan plan) {
    get(dub.fitted, plan.action()).increment();
    dub.lengthRatio.observe(plan.lengthRatio());
    if (plan.action() != FitAction.REFUSED) {
      dub.tempoRatio.observe(plan.tempo());
    }
  }

  /** Dubs came in time and say nothing. */
  public void deadDubs(DeadDub kind, int dubs) {
    get(dub.dead, kind).increment(dubs);
  }

  /** The gain of dubs from now on, decibels. */
  public void dubGain(double decibels) {
    dub.gainBits.set(Double.doubleToLongBits(decibels));
  }

  /** A frame of the output's audio: the source's own packet, or encoded. */
  public void audioFrame(boolean copied) {
    (copied ? dub.copiedFrames : dub.encodedFrames).increment();
  }

  /** So much mixed audio was made lower. */
  public void limited(Duration sound) {
    dub.limitedSeconds.increment(sound.toNanos() / 1e9);
  }

  /** A segment's audio has left. */
  public void audioSegmentProcessed() {
    get(dub.segments, TrackType.AUDIO).increment();
  }

  /** Counts a segment whose video has left. */
  public void videoSegmentProcessed() {
    get(dub.segments, TrackType.VIDEO).increment();
  }

  /** Time from the arrival of a segment's first sample to its write, on a monotonic clock. */
  public void chunkEndToEnd(Duration latency) {
    dub.endToEnd.record(millis(latency));
  }

  /** Sets the number of fragments that are unanswered now. */
  public void inFlight(int fragments) {
    link.inFlight.set(fragments);
  }

  /** The breaker's state now. */
  public void breaker(BreakerState state) {
    link.breaker.set(state.gauge());
  }

  /** Time from sending a fragment to its answer. */
  public void roundTrip(Duration time) {
    link.roundTrip.record(millis(time));
  }

  /** The STS sent a backpressure event. */
  public void backpressure(BackpressureAction action) {
    get(link.backpressure, action).increment();
  }

  /** The link to the STS was made again. */
  public void reconnection() {
    link.reconnections.increment();
  }

  /** The STS did what a correct one would not. */
  public void violation(ProtocolViolation kind) {
    get(link.violations, kind).increment();
  }

  /** A packet was read from the source. */
  public void packetIn(TrackType type, int bytes) {
    get(path.packetsIn, type).increment();
    path.bytesIn.increment(bytes);
  }

  /** A packet was released to the output. */
  public void packetOut(TrackType type, int bytes) {
    get(path.packetsOut, type).increment();
    path.bytesOut.increment(bytes);
  }

  /** Packets were not sent. */
  public void dropped(DropReason reason, long packets) {
    get(path.drops, reason).increment((double) packets);
  }

  /** Records how late a packet was released; a negative value counts as 0. */
  public void lateness(Duration late) {
    path.lateness.record(Math.max(0, late.toNanos()), TimeUnit.NANOSECONDS);
  }

  /** (audio out - in) - (video out - in) of the last packets, from the times really written. */
  public void avDelta(double millis) {
    path.avDeltaBits.set(Double.doubleToLongBits(millis));
  }

  /** The stream is on air from now on, or no longer. Each change once. */
  public void live(boolean onAir) {
    path.live.addAndGet(onAir ? 1 : -1);
  }

  /** The source is lost from now on, or no longer. Each change once. */
  public void sourceLost(boolean lost) {
    path.sourceLost.addAndGet(lost ? 1 : -1);
  }

  /** A lost source was opened again. */
  public void sourceReconnected() {
    path.sourceReconnections.increment();
  }

  /** A warning about the stream holds from now on, or no longer. Each change once. */
  public void warning(StreamWarning kind, boolean holds) {
    get(path.warnings, kind).addAndGet(holds ? 1 : -1);
  }

  /** So long nothing was read because the delay line was full. */
  public void heldBack(Duration time) {
    path.heldBackSeconds.increment(time.toNanos() / 1e9);
  }

  /** So long the original was heard because of a bypass. */
  public void bypassed(Duration audio) {
    path.bypassSeconds.increment(audio.toNanos() / 1e9);
  }

  /** The dub of a slot is kept off air. */
  public void vetoed() {
    dub.vetoes.increment();
  }

  /** The output was read back. */
  public void outputChecked(OutputCheck result) {
    get(path.outputChecks, result).increment();
  }

  /**
   * The meters of a destination.
   *
   * @param name the value of the label {@code destination}
   * @return to be ended when it goes; ends with this at the latest
   */
  public DestinationMeters destination(String name, DestinationMeters.Reading reading) {
    DestinationMeters meters = series.destination(name, reading);
    destinations.add(meters);
    return meters;
  }

  /** A file of the stream's recording was begun. */
  public void recordingBegan() {
    recording.files.increment();
  }

  /** Media was written to the stream's recording. */
  public void recorded(int bytes) {
    recording.bytes.increment(bytes);
  }

  /** Packets of the output are in no recording. */
  public void notRecorded(long packets) {
    recording.dropped.increment((double) packets);
  }

  /** The stream's recording is stopped from now on, or no longer. Each change once. */
  public void recordingStopped(boolean stopped) {
    recording.stopped.addAndGet(stopped ? 1 : -1);
  }

  /** The counts of segments, for the stream's status. */
  public Counts counts() {
    return new Counts(
        (long) dub.cut.count(),
        (long) dub.sent.count(),
        (long) dub.processed.count(),
        occurred(dub.fallbacks, FallbackReason::tag, FallbackCounter::count),
        occurred(dub.fitted, FitAction::tag, counter -> (long) counter.count()));
  }

  private static <K extends Enum<K>, C> Map<String, Long> occurred(
      Map<K, C> counters, Function<K, String> label, ToLongFunction<C> value) {
    Map<String, Long> counts = new HashMap<>();
    counters.forEach(
        (key, counter) -> {
          long count = value.applyAsLong(counter);
          if (count > 0) {
            counts.put(label.apply(key), count);
          }
        });
    return counts;
  }

  /**
   * Counts of segments. They go on over sessions of the same id that follow each other closely.
   *
   * @param fallback by reason, only those that occurred
   * @param fitted by what was done to the dub, only what occurred
   */
  public record Counts(
      long cut, long sent, long dubbed, Map<String, Long> fallback, Map<String, Long> fitted) {}

  /** The session is over: what is in flight is gone, the series stay for the linger time. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      destinations.forEach(DestinationMeters::close);
      onClose.run();
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** The maps hold every value of their enum. */
  private static <K extends Enum<K>, V> V get(Map<K, V> all, K key) {
    V value = all.get(key);
    if (value == null) {
      throw new IllegalStateException("no meter for " + key);
    }
    return value;
  }
}
