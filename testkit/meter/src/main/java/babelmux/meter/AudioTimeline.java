package babelmux.meter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Time of each decoded sample, as the container puts it. Times that were rounded (FLV knows
 * milliseconds only) are evened out over the second around; a jump of more than 5 ms is kept as a
 * jump. 16 bytes a decoded frame.
 */
final class AudioTimeline {
  private static final double JUMP_US = 5_000;
  private static final int NEIGHBOURS = 23;

  private final int rate;
  private long[] firstSamples = new long[1024];
  private double[] timesUs = new double[1024];
  private int frames;
  private long samples;
  private final List<AudioGap> gaps = new ArrayList<>();

  AudioTimeline(int rate) {
    this.rate = rate;
  }

  void add(double timeUs, int count) {
    if (frames == timesUs.length) {
      firstSamples = Arrays.copyOf(firstSamples, frames * 2);
      timesUs = Arrays.copyOf(timesUs, frames * 2);
    }
    firstSamples[frames] = samples;
    timesUs[frames] = timeUs;
    if (frames > 0 && jumps(frames)) {
      double jump = offsetUs(frames) - offsetUs(frames - 1);
      gaps.add(new AudioGap(samples, Math.round(timeUs - jump), Math.round(jump)));
    }
    frames++;
    samples += count;
  }

  long samples() {
    return samples;
  }

  List<AudioGap> gaps() {
    return List.copyOf(gaps);
  }

  /** Presentation time of a sample (0 = the first one heard); fractions are allowed. */
  double timeUs(double sample) {
    if (frames == 0) {
      throw new IllegalStateException("no sound");
    }
    int at = Arrays.binarySearch(firstSamples, 0, frames, (long) Math.floor(sample));
    int frame = at >= 0 ? at : Math.max(0, -at - 2);
    int first = frame;
    while (first > 0 && first > frame - NEIGHBOURS && !jumps(first)) {
      first--;
    }
    int last = frame;
    while (last + 1 < frames && last < frame + NEIGHBOURS && !jumps(last + 1)) {
      last++;
    }
    double sum = 0;
    for (int i = first; i <= last; i++) {
      sum += offsetUs(i);
    }
    return sum / (last - first + 1) + sample * 1e6 / rate;
  }

  private boolean jumps(int frame) {
    return Math.abs(offsetUs(frame) - offsetUs(frame - 1)) > JUMP_US;
  }

  private double offsetUs(int frame) {
    return timesUs[frame] - firstSamples[frame] * 1e6 / rate;
  }
}
