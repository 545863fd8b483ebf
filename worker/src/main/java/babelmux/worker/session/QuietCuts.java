package babelmux.worker.session;

import babelmux.worker.timeline.QuietPoint;
import babelmux.worker.timeline.SampleRate;
import java.time.Duration;

/**
 * Listens to the audio that is read and finds pauses in speech. It decodes the audio a second time,
 * which is why it is there only when asked for. One thread, the reader's.
 */
final class QuietCuts implements AutoCloseable {
  /** The longest distance of a cut from the grid. */
  static final Duration SLACK = Duration.ofMillis(750);

  private static final Duration REMEMBERED = SLACK.multipliedBy(4);

  private final OriginalSound sound;
  private final QuietPoint quiet;
  private final long slackSamples;

  QuietCuts(SampleRate rate) {
    this.sound = new OriginalSound(rate.hz(), 1, new SessionListener() {});
    this.quiet = new QuietPoint(rate, REMEMBERED.toNanos() / 1000);
    this.slackSamples = rate.samplesAt(SLACK.toNanos() / 1000);
  }

  /**
   * Audio was read; the packet stays the caller's.
   *
   * @param newRun whether it begins a run
   */
  void add(TimedPacket packet, boolean newRun) {
    if (newRun) {
      quiet.start(packet.heardFrom());
    }
    sound.add(packet);
    long readable = packet.heardTo() - sound.held();
    while (quiet.next() + quiet.windowSamples() <= readable) {
      float[][] window = new float[1][quiet.windowSamples()];
      sound.read(window, quiet.next(), quiet.windowSamples());
      quiet.add(energy(window[0]));
    }
  }

  private static double energy(float[] window) {
    double sum = 0;
    for (float value : window) {
      sum += value * value;
    }
    return sum / window.length;
  }

  /** The sample at which to cut instead of at one of the grid. */
  long near(long nominal) {
    return quiet.near(nominal, slackSamples);
  }

  @Override
  public void close() {
    sound.close();
  }
}
