package babelmux.worker.session;

import babelmux.media.TrackFormat;
import babelmux.worker.timeline.SampleRate;

/**
 * Rate and channels of a session's audio, from its first packet to its end: of the output, of the
 * fragments and of the count of samples. They follow from the first audio; whatever comes later is
 * converted to them.
 *
 * @param rate 16 to 48 kHz
 * @param channels 1, 2 or 6 (5.1)
 */
public record SoundShape(SampleRate rate, int channels) {
  private static final int MIN_RATE = 16_000;
  private static final int MAX_RATE = 48_000;
  // AAC has a name for each; a rate between them would be no valid stream.
  private static final int[] KEPT = {16_000, 22_050, 24_000, 32_000, 44_100, 48_000};

  static SoundShape of(TrackFormat format) {
    return of(format.sampleRate(), format.heardChannels());
  }

  /** The rate itself where it is usual, else the nearest usual one that loses least. */
  static SoundShape of(int hz, int channels) {
    return new SoundShape(new SampleRate(usual(hz)), channels);
  }

  private static int usual(int hz) {
    if (hz <= 0) {
      return MAX_RATE;
    }
    int rate = hz;
    while (rate > MAX_RATE && rate % 2 == 0) {
      rate /= 2;
    }
    while (rate < MIN_RATE) {
      rate *= 2;
    }
    for (int kept : KEPT) {
      if (rate <= kept) {
        return kept;
      }
    }
    return MAX_RATE;
  }

  /**
   * Bits per second of the output.
   *
   * @param stereo what is wanted for two channels; 5.1 takes three times as much
   */
  int bitRate(int stereo) {
    return channels > 2 ? stereo * channels / 2 : stereo;
  }

  /** The number of channels that the STS gets: more than two channels are mixed down. */
  public int sentChannels() {
    return Math.min(2, channels);
  }
}
