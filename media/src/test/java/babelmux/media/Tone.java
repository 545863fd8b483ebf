package babelmux.media;

/** Sines of a quarter of full scale for the tests, and how far a piece of audio is from one. */
final class Tone {
  private Tone() {}

  static Sound of(double hz, int frames, int sampleRate, int channels) {
    float[][] out = new float[channels][frames];
    for (int n = 0; n < frames; n++) {
      for (float[] channel : out) {
        channel[n] = (float) (0.25 * Math.sin(2 * Math.PI * hz * n / sampleRate));
      }
    }
    return new Sound(out, sampleRate);
  }

  /**
   * RMS of the difference in dB below full scale, leaving out {@code margin} samples at both ends.
   */
  static double differenceDb(Sound a, Sound b, int margin) {
    double sum = 0;
    int frames = Math.min(a.frames(), b.frames());
    for (int n = margin; n < frames - margin; n++) {
      double d = a.channels()[0][n] - b.channels()[0][n];
      sum += d * d;
    }
    return 10 * Math.log10(sum / (frames - 2 * margin) + 1e-12);
  }
}
