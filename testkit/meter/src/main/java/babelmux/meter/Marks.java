package babelmux.meter;

/** The marks of the fixtures, as {@code fixtures/README.md} states them. */
final class Marks {
  static final int SECONDS = 30;
  static final int FPS = 30;
  static final int FRAMES = SECONDS * FPS;
  static final int FIRST_FLASH_FRAME = 15;

  static final double BEEP_SECONDS = 0.1;
  static final double BEEP_RAMP_SECONDS = 0.003;
  static final int LOWEST_HZ = 1000;
  static final int STEP_HZ = 50;

  private Marks() {}

  static int beepHz(int second) {
    return LOWEST_HZ + STEP_HZ * second;
  }

  /** The second whose beep is nearest to this pitch, -1 if none is near. */
  static int second(double hz) {
    long second = Math.round((hz - LOWEST_HZ) / STEP_HZ);
    return second >= 0 && second < SECONDS ? (int) second : -1;
  }

  /** The second whose flash begins with this frame, -1 if none does. */
  static int flashSecond(int frameNumber) {
    return frameNumber % FPS == FIRST_FLASH_FRAME ? frameNumber / FPS : -1;
  }
}
