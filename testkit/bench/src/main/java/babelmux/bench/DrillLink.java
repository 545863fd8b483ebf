package babelmux.bench;

import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsSession;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A link of a drill, fed with prepared fragments, whose outcomes it counts. */
final class DrillLink implements StsObserver {
  /** A fallback has two halves: its settlement and its report, in either order. */
  private enum Half {
    SETTLED,
    REPORTED
  }

  private static final int RATE = 48_000;
  private static final int CHANNELS = 2;

  private final DrillTally tally;
  private final byte[] sound;
  private final Duration segment;
  private final Duration limit;
  private final StsLink link;
  private final ConcurrentMap<Long, Half> halves = new ConcurrentHashMap<>();

  private long index;
  private volatile boolean lastDubbed;
  private int inFlight;

  /** Begins to connect. */
  DrillLink(
      StsLinks links,
      String streamId,
      byte[] sound,
      Duration segment,
      Duration limit,
      DrillTally tally) {
    this.tally = tally;
    this.sound = sound;
    this.segment = segment;
    this.limit = limit;
    this.link = links.open(streamId, new StsSession("en", "es", RATE, CHANNELS, limit), this);
  }

  /** Submits the next fragment. One thread. */
  void feed() {
    long number = index++;
    long deadline = System.nanoTime() + limit.toNanos();
    StsFragment fragment =
        new StsFragment(
            UUID.randomUUID().toString(),
            number,
            link.generation(),
            number * segment.toNanos(),
            (int) (segment.toMillis() * RATE / 1000),
            RATE,
            CHANNELS,
            "m4a",
            sound,
            deadline);
    tally.submitted.increment();
    link.submit(fragment).thenAccept(outcome -> settled(number, outcome, deadline));
  }

  private void settled(long number, StsOutcome outcome, long deadline) {
    tally.overdueNanos.accumulate(System.nanoTime() - deadline);
    lastDubbed = outcome instanceof StsOutcome.Dub;
    if (outcome instanceof StsOutcome.Dub dub) {
      tally.dubbed.increment();
      dub.used(number % 2 == 0);
      if (halves.containsKey(number)) {
        tally.contradictions.increment();
      }
    } else {
      tally.fellBack.increment();
      half(number, Half.SETTLED);
    }
  }

  @Override
  public void fellBack(long segmentIndex, String fragmentId, FallbackReason reason, String detail) {
    tally.fallback(reason);
    half(segmentIndex, Half.REPORTED);
  }

  private void half(long number, Half half) {
    halves.compute(
        number,
        (key, other) -> {
          if (other == half) {
            tally.contradictions.increment();
          }
          return other == null ? half : null;
        });
  }

  /** Fragments whose settlement and whose report did not both come. */
  int unmatched() {
    return halves.size();
  }

  @Override
  public void inFlightChanged(int now) {
    tally.inFlightChanged(now - inFlight);
    inFlight = now;
  }

  @Override
  public void late(long segmentIndex, String fragmentId, Duration roundTrip) {
    tally.late.increment();
  }

  @Override
  public void breakerChanged(BreakerState from, BreakerState to) {
    if (to == BreakerState.OPEN) {
      tally.breakerOpenings.increment();
    }
  }

  @Override
  public void violation(ProtocolViolation kind, String detail) {
    tally.violation(kind);
  }

  /** True when the link works: it is ready, and its last fragment to be settled was dubbed. */
  boolean works() {
    return link.ready() && lastDubbed;
  }

  int inFlight() {
    return link.status().inFlight();
  }

  long reconnects() {
    return link.status().reconnects();
  }

  /**
   * Begins the closing handshake.
   *
   * @return whether it was over in time
   */
  boolean end() throws InterruptedException {
    try {
      link.end("source_ended").get(2 * limit.toSeconds() + 15, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
