package babelmux.worker.timeline;

/**
 * Counts a track's samples from packet to packet and compares the count with the packets' times:
 * FLV rounds those to milliseconds, so the count is believed until the two part by more than 6 ms;
 * then the source has a hole or repeats itself, and the time is believed. Not thread-safe.
 */
public final class SampleCounter {
  /**
   * Beyond this the time is believed (design: FLV rounds to 1 ms, and clocks of cheap encoders
   * wander).
   */
  static final long TOLERANCE_US = 6_000;

  private final SampleRate rate;
  private int hz;
  private long base;
  private long counted;
  private boolean started;

  /**
   * The place of a packet's audio.
   *
   * @param startSample on the session's timeline
   * @param correction samples inserted before it (positive: a hole) or to be dropped from its front
   *     (negative)
   */
  public record Place(long startSample, long correction) {}

  /**
   * @param rate in which places are counted
   */
  public SampleCounter(SampleRate rate) {
    this.rate = rate;
    this.hz = rate.hz();
  }

  /** Places a packet whose samples are at the counter's own rate. */
  public Place place(long ptsUs, int frames) {
    return place(ptsUs, frames, rate.hz());
  }

  /**
   * @param ptsUs session time of the packet's first sample
   * @param frames samples in the packet, at its own rate
   * @param packetHz its rate: it is counted in, so that nothing is rounded from packet to packet
   */
  public Place place(long ptsUs, int frames, int packetHz) {
    long byTime = rate.samplesAt(ptsUs);
    if (!started) {
      started = true;
      begin(byTime, packetHz);
    } else if (packetHz != hz) {
      begin(next(), packetHz);
    }
    long next = next();
    long difference = byTime - next;
    if (Math.abs(difference) <= rate.samplesAt(TOLERANCE_US)) {
      counted += frames;
      return new Place(next, 0);
    }
    if (difference > 0 || byTime + scaled(frames) > next) {
      begin(byTime, packetHz);
      counted = frames;
    }
    return new Place(byTime, difference);
  }

  /** The place behind the last sample of all packets. */
  public long next() {
    return base + scaled(counted);
  }

  private void begin(long sample, int packetHz) {
    base = sample;
    counted = 0;
    hz = packetHz;
  }

  private long scaled(long frames) {
    return hz == rate.hz() ? frames : Math.floorDiv(frames * rate.hz() + hz / 2, hz);
  }

  /** The next packet starts at its own time: a new contiguous run. */
  public void restart() {
    started = false;
  }
}
