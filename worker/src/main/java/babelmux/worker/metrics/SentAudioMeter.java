package babelmux.worker.metrics;

import io.micrometer.core.instrument.Counter;

/** Audio that was sent to the STS for one target language of a stream. Safe for all threads. */
public final class SentAudioMeter {

  private final Counter seconds;

  SentAudioMeter(Counter seconds) {
    this.seconds = seconds;
  }

  /** So many samples were sent. */
  public void add(long samples, int sampleRateHz) {
    seconds.increment((double) samples / sampleRateHz);
  }

  /** The sum over all sessions of the stream's id that follow each other closely. */
  public double seconds() {
    return seconds.count();
  }
}
