package babelmux.worker.timeline;

import babelmux.worker.config.DelayConfig;

/**
 * The parts of the delay. A segment is complete {@code segmentUs} after its start; then the STS may
 * take {@code stsLimitUs}; then the answer is decoded and fitted; its slot begins to be mixed
 * {@code fadeUs} and {@code mixAheadUs} before it leaves. All are microseconds, and together they
 * are at most the delay.
 *
 * @param delayUs D: from source time to output time
 * @param segmentUs length of a segment
 * @param stsLimitUs what is left for the STS, from the segment's last sample to the whole answer; 0
 *     when the delay is too short to dub anything
 * @param decodeAndFitUs to decode an answer and fit it to its slot
 * @param fadeUs the fade between original and dub, which is decided with the slot before it
 * @param mixAheadUs how long before it leaves audio is mixed and coded
 * @param encoderDelayUs the part of {@code mixAheadUs} that encoder and limiter hold back
 * @param holeToleranceUs the part of {@code mixAheadUs} in which missing audio may still come
 *     before it is silence
 */
public record TimeBudget(
    long delayUs,
    long segmentUs,
    long stsLimitUs,
    long decodeAndFitUs,
    long fadeUs,
    long mixAheadUs,
    long encoderDelayUs,
    long holeToleranceUs) {
  /** Frames that the AAC encoder (three) and the limiter (one) hold back. */
  public static final int HELD_FRAMES = 4;

  /**
   * A live stream is read, mixed and written in steps of this, at multiples of it on the clock, so
   * that all streams wake together: waking a thread for each packet costs more than the packet. Two
   * frames of a 50 Hz video, not quite two of audio; far below the 100 ms that a viewer may notice.
   */
  public static final long QUANTUM_US = 40_000;

  /** The fade between original and dub. */
  public static final long FADE_US = 10_000;

  /** The fade where audio was lost or cut. */
  public static final long CUT_FADE_US = 2_000;

  /** A gap in the output shorter than this is jumped over; MediaMTX disconnects after 10 s. */
  public static final long MAX_JUMP_US = 8_000_000;

  /** The most that audio may be late, before the time at which it is coded. */
  public static final long HOLE_TOLERANCE_US = 90_000;

  private static final int FRAME_SAMPLES = 1024;
  private static final long MIN_DECODE_AND_FIT_US = 250_000;

  /** Less for the STS is not worth a longer margin. */
  private static final long MIN_STS_US = 1_000_000;

  public TimeBudget {
    check(segmentUs > 0 && delayUs > 0, "delay and segment are positive");
    check(stsLimitUs >= 0 && decodeAndFitUs > 0, "every part is positive");
    check(
        mixAheadUs >= encoderDelayUs + QUANTUM_US + holeToleranceUs,
        "missing audio is silence before its packets are due");
    check(
        holeToleranceUs >= QUANTUM_US + QUANTUM_US / 2,
        "a slow step of the output thread makes no hole");
    check(
        stsLimitUs == 0
            || segmentUs + stsLimitUs + answerMarginUs(decodeAndFitUs, fadeUs, mixAheadUs)
                <= delayUs,
        "all parts together are at most the delay");
  }

  /**
   * The budget of a live stream.
   *
   * @param hz the output's sample rate: a frame is longer at a lower one
   */
  public static TimeBudget live(long delayUs, long segmentUs, int hz) {
    long encoder = HELD_FRAMES * FRAME_SAMPLES * 1_000_000L / hz;
    long mixAhead = encoder + QUANTUM_US + HOLE_TOLERANCE_US;
    long left = DelayConfig.MARGIN.toNanos() / 1000 - mixAhead - FADE_US;
    long wanted = Math.max(left, MIN_DECODE_AND_FIT_US);
    boolean allowed = delayUs - segmentUs - mixAhead - FADE_US - wanted >= MIN_STS_US;
    long decode = allowed ? wanted : Math.max(left, QUANTUM_US);
    long sts = Math.max(0, delayUs - segmentUs - mixAhead - FADE_US - decode);
    return new TimeBudget(
        delayUs, segmentUs, sts, decode, FADE_US, mixAhead, encoder, HOLE_TOLERANCE_US);
  }

  /** The time before its slot leaves by which an answer must be there. */
  public long answerMarginUs() {
    return answerMarginUs(decodeAndFitUs, fadeUs, mixAheadUs);
  }

  private static long answerMarginUs(long decodeAndFitUs, long fadeUs, long mixAheadUs) {
    return decodeAndFitUs + fadeUs + mixAheadUs;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("time budget: " + what);
    }
  }
}
