package babelmux.stsecho.voice;

/**
 * A beep of the fixtures: a sine of 1000 + 50 n Hz that starts at phase 0, 100 ms, amplitude 0.5,
 * raised-cosine ramps of 3 ms.
 *
 * @param number the second n, 0..29
 * @param start sample of its beginning in the piece of sound; may lie outside
 */
record Beep(int number, int start) {
  static final int NUMBERS = 30;
  static final double SECONDS = 0.1;

  /** From the beginning of the beep to that of the word. */
  static final double WORD_AFTER_SECONDS = 0.12;

  private static final double AMPLITUDE = 0.5;
  private static final double RAMP_SECONDS = 0.003;

  static double frequency(int number) {
    return 1000 + 50 * number;
  }

  static int length(int rate) {
    return (int) Math.round(SECONDS * rate);
  }

  /** The whole beep. */
  static float[] waveform(int number, int rate) {
    float[] samples = new float[length(rate)];
    double ramp = RAMP_SECONDS * rate;
    for (int n = 0; n < samples.length; n++) {
      double edge = Math.min(1, Math.min(n, samples.length - n) / ramp);
      double gain = AMPLITUDE * (1 - Math.cos(Math.PI * edge)) / 2;
      samples[n] = (float) (gain * Math.sin(2 * Math.PI * frequency(number) * n / rate));
    }
    return samples;
  }

  /** The beep a second later; after the last number the first one follows, as in a loop. */
  Beep next(int rate) {
    return new Beep((number + 1) % NUMBERS, start + rate);
  }

  /** The beep a second before. */
  Beep previous(int rate) {
    return new Beep(Math.floorMod(number - 1, NUMBERS), start - rate);
  }

  int wordStart(int rate) {
    return start + (int) Math.round(WORD_AFTER_SECONDS * rate);
  }
}
