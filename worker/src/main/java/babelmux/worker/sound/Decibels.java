package babelmux.worker.sound;

/** Amplitudes and powers in decibels. */
final class Decibels {
  private Decibels() {}

  static double toAmplitude(double decibels) {
    return Math.pow(10, decibels / 20);
  }

  /** Negative infinity for no power at all. */
  static double ofPower(double power) {
    return 10 * Math.log10(power);
  }
}
