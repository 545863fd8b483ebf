package babelmux.worker.session;

import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.StsLink;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One dub of a file: how far it is decided, and whether reading has to wait for its link. It knows
 * nothing of other dubs. The driver's thread.
 */
final class FileDub {
  private final SegmentDubber dubber;
  private final Pipeline pipeline;
  private final OfflineDub.Settings settings;
  private final LongSupplier clock;
  private long lastUsefulNanos;

  /**
   * @param dubber one of the pipeline's
   * @param clock monotonic, nanoseconds
   */
  FileDub(
      SegmentDubber dubber, Pipeline pipeline, OfflineDub.Settings settings, LongSupplier clock) {
    this.dubber = dubber;
    this.pipeline = pipeline;
    this.settings = settings;
    this.clock = clock;
    begin();
  }

  /** The link is opened: patience counts from now on. */
  void begin() {
    lastUsefulNanos = clock.getAsLong();
  }

  /** Returns whether there is an STS to dub with. */
  boolean hasLink() {
    return dubber.link() != null;
  }

  /** The first sample that is not decided yet, or {@link Long#MAX_VALUE}. */
  long undecidedFrom() {
    DubTimeline timeline = timeline();
    return timeline == null ? Long.MAX_VALUE : timeline.undecidedFrom();
  }

  /**
   * Returns whether reading must wait for decisions: as many slots are open as may be, or, where
   * the audio has ended and no further slot opens, the video alone would be read on.
   *
   * @param readUs session time up to which the file was read
   */
  boolean isBehind(long readUs) {
    return openSlots() >= settings.window() || isFarBehind(readUs);
  }

  private boolean isFarBehind(long readUs) {
    SoundShape shape = pipeline.shape();
    long undecided = undecidedFrom();
    long limitUs = settings.segment().toNanos() / 1000 * (settings.window() + 1);
    return shape != null
        && undecided != Long.MAX_VALUE
        && readUs - shape.rate().microsAt(undecided) > limitUs;
  }

  /** Notes whether the link works. Called for each audio packet, and at each tick of a wait. */
  void look() {
    StsLink link = dubber.link();
    if (link != null && (link.accepts() || inHand() > 0)) {
      lastUsefulNanos = clock.getAsLong();
    }
  }

  /** A file can wait: returns whether nothing is to be cut, because the link would not send it. */
  boolean isHeldUp() {
    StsLink link = dubber.link();
    return link != null && timeline() != null && !sends(link) && !isPatienceOver();
  }

  /** Submits again what came back unsent; gives it up when the link stays away. */
  void retry() {
    StsLink link = dubber.link();
    if (link == null || dubber.unsent() == 0) {
      return;
    }
    if (sends(link)) {
      dubber.sendAgain();
    } else if (isPatienceOver()) {
      dubber.giveUpUnsent();
    }
  }

  /** While the breaker is not closed one fragment probes, and the others wait for its result. */
  private boolean sends(StsLink link) {
    return link.accepts() && (link.status().breaker() == BreakerState.CLOSED || inHand() == 0);
  }

  private boolean isPatienceOver() {
    return clock.getAsLong() - lastUsefulNanos >= settings.patience().toNanos();
  }

  /** Fragments that the link has, or gets at once. */
  private int inHand() {
    return openSlots() - dubber.unsent();
  }

  private int openSlots() {
    DubTimeline timeline = timeline();
    return timeline == null ? 0 : timeline.openSlots();
  }

  private @Nullable DubTimeline timeline() {
    SoundShape shape = pipeline.shape();
    return shape == null ? null : dubber.timeline(shape.rate());
  }
}
