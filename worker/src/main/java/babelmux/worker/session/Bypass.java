package babelmux.worker.session;

import babelmux.worker.sound.BypassFade;
import babelmux.worker.timeline.SampleRate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The operator's switch of one stream: off air with all of its dubs, and back. It changes nothing
 * but what is heard: fragments are sent and segments decided as ever. Any thread; no method blocks.
 */
public final class Bypass {
  /** How far ahead a switch may be scheduled. */
  public static final Duration MAX_AHEAD = Duration.ofHours(1);

  /** Switches that may wait for their time. */
  public static final int MAX_SCHEDULED = 20;

  private static final long MAX_AHEAD_US = MAX_AHEAD.toNanos() / 1000;

  private final long startUs;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  // All of these are guarded by the lock.
  private final NavigableMap<Long, Boolean> scheduled = new TreeMap<>();
  private boolean on;
  private @Nullable Instant since;
  private @Nullable Long sinceUs;
  private @Nullable Long nextUs;
  private @Nullable BypassFade fade;
  private long bypassedSamples;
  private long toldUs;

  /**
   * @param outputStart the output time of the session's first packet
   * @param on whether it begins switched on
   */
  public Bypass(Duration outputStart, boolean on, InstantSource clock) {
    this.startUs = outputStart.toNanos() / 1000;
    this.clock = clock;
    this.on = on;
    this.since = on ? clock.instant() : null;
  }

  /**
   * @param on whether the original is heard instead of the dubs; what was asked for last, though it
   *     may not have left yet
   * @param since when that was switched, wall clock; null when it never was
   * @param sinceUs the same in output time, microseconds; null when it never was, or before the
   *     first audio
   * @param scheduled what is to be switched, in the order of time
   */
  public record State(
      boolean on, @Nullable Instant since, @Nullable Long sinceUs, List<Scheduled> scheduled) {
    public State {
      scheduled = List.copyOf(scheduled);
    }
  }

  /**
   * A switch that waits for its time.
   *
   * @param atUs output time, microseconds
   */
  public record Scheduled(boolean on, long atUs) {}

  /** The answer to a request. */
  public enum Verdict {
    /** It is switched, or will be. */
    DONE,
    /** Its time is more than {@link #MAX_AHEAD} ahead. */
    TOO_FAR,
    /** {@link #MAX_SCHEDULED} wait already. */
    FULL
  }

  /** Switches at once, which is heard as soon as it has left, and takes back what is scheduled. */
  public void set(boolean wanted) {
    lock.lock();
    try {
      scheduled.clear();
      apply(wanted, nextUs);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Switches at an output time; at once when that has been mixed already. What is scheduled for
   * other times stays.
   *
   * @param atUs output time, microseconds
   * @param nowUs what leaves now, microseconds
   */
  public Verdict setAt(boolean wanted, long atUs, long nowUs) {
    lock.lock();
    try {
      if (atUs - MAX_AHEAD_US > nowUs) {
        return Verdict.TOO_FAR;
      }
      Long mixed = nextUs;
      if (atUs <= nowUs || (mixed != null && atUs <= mixed)) {
        apply(wanted, mixed);
        return Verdict.DONE;
      }
      if (scheduled.size() >= MAX_SCHEDULED && !scheduled.containsKey(atUs)) {
        return Verdict.FULL;
      }
      scheduled.put(atUs, wanted);
      return Verdict.DONE;
    } finally {
      lock.unlock();
    }
  }

  private void apply(boolean wanted, @Nullable Long us) {
    if (wanted != on) {
      on = wanted;
      since = clock.instant();
      sinceUs = us;
    }
  }

  /** What was asked for, and since when. */
  public State state() {
    lock.lock();
    try {
      List<Scheduled> waiting = new ArrayList<>();
      for (Map.Entry<Long, Boolean> each : scheduled.entrySet()) {
        waiting.add(new Scheduled(each.getValue(), each.getKey()));
      }
      return new State(on, since, sinceUs, waiting);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Decides what is heard in the next frame. Output thread.
   *
   * @param startSample the frame's first sample, on the session's count
   * @param listener is told of switches, and of audio that is bypassed
   */
  DubShare next(SampleRate rate, long startSample, int frames, SessionListener listener) {
    List<Scheduled> switches = new ArrayList<>(1);
    DubShare share;
    long bypassedUs;
    lock.lock();
    try {
      share = share(rate, startSample, frames, switches);
      nextUs = startUs + rate.microsAt(startSample + frames);
      bypassedUs = rate.microsAt(bypassedSamples) - toldUs;
      toldUs += bypassedUs;
    } finally {
      lock.unlock();
    }
    switches.forEach(each -> listener.bypassSwitched(each.on(), each.atUs()));
    if (bypassedUs > 0) {
      listener.bypassed(bypassedUs);
    }
    return share;
  }

  private DubShare share(SampleRate rate, long startSample, int frames, List<Scheduled> switches) {
    BypassFade known = fade;
    BypassFade now = known == null ? BypassFade.settled(rate.hz(), on) : known;
    if (now.isOn() != on || (known == null && on)) {
      now = now.switched(startSample, on);
      sinceUs = startUs + rate.microsAt(startSample);
      switches.add(new Scheduled(on, sinceUs));
    }
    fade = now;
    if (now.isDubFrom(startSample) && !isDueBefore(rate, startSample + frames)) {
      return DubShare.ALL;
    }
    float[] shares = new float[frames];
    for (int n = 0; n < frames; n++) {
      long sample = startSample + n;
      while (isDueBefore(rate, sample + 1)) {
        now = switchNext(now, sample, startUs + rate.microsAt(sample), switches);
      }
      shares[n] = now.share(sample);
      bypassedSamples += now.isOn() ? 1 : 0;
    }
    fade = now;
    return new DubShare(shares, now.isOn());
  }

  private boolean isDueBefore(SampleRate rate, long sample) {
    return !scheduled.isEmpty() && rate.samplesAt(scheduled.firstKey() - startUs) < sample;
  }

  private BypassFade switchNext(
      BypassFade now, long sample, long sampleUs, List<Scheduled> switches) {
    boolean wanted = scheduled.pollFirstEntry().getValue();
    if (wanted != on) {
      apply(wanted, sampleUs);
      switches.add(new Scheduled(wanted, sampleUs));
    }
    return now.switched(sample, wanted);
  }
}
