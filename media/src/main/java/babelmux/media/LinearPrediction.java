package babelmux.media;

/**
 * Goes on with audio beyond its end as its last samples suggest (Burg's method, which never grows):
 * what a filter wants to see there when the audio itself goes on in another piece. Pure.
 */
final class LinearPrediction {
  private static final int ORDER = 32;
  private static final int LEARNED = 1024;

  private LinearPrediction() {}

  /** {@code sound} with {@code edge} samples more at both ends. */
  static float[] extended(float[] sound, int edge) {
    float[] out = new float[sound.length + 2 * edge];
    System.arraycopy(sound, 0, out, edge, sound.length);
    int learned = Math.min(LEARNED, sound.length);
    double[] last = new double[learned];
    double[] first = new double[learned];
    for (int n = 0; n < learned; n++) {
      last[n] = sound[sound.length - learned + n];
      first[n] = sound[learned - 1 - n];
    }
    double[] behind = continued(last, edge);
    double[] before = continued(first, edge);
    for (int n = 0; n < edge; n++) {
      out[edge + sound.length + n] = (float) behind[n];
      out[edge - 1 - n] = (float) before[n];
    }
    return out;
  }

  private static double[] continued(double[] sound, int count) {
    double[] weights = burg(sound, Math.min(ORDER, sound.length / 4));
    double[] out = new double[count];
    for (int n = 0; n < count; n++) {
      double sum = 0;
      for (int k = 1; k < weights.length; k++) {
        int at = n - k;
        sum -= weights[k] * (at >= 0 ? out[at] : sound[sound.length + at]);
      }
      out[n] = sum;
    }
    return out;
  }

  /** Weights of the prediction error; the first one is 1. */
  private static double[] burg(double[] sound, int order) {
    double[] forward = sound.clone();
    double[] backward = sound.clone();
    double[] weights = new double[order + 1];
    weights[0] = 1;
    for (int m = 0; m < order; m++) {
      double product = 0;
      double energy = 0;
      for (int n = m + 1; n < sound.length; n++) {
        product += forward[n] * backward[n - 1];
        energy += forward[n] * forward[n] + backward[n - 1] * backward[n - 1];
      }
      if (energy < 1e-12) {
        break;
      }
      double reflection = -2 * product / energy;
      double[] next = weights.clone();
      for (int k = 1; k <= m + 1; k++) {
        next[k] = weights[k] + reflection * weights[m + 1 - k];
      }
      weights = next;
      for (int n = sound.length - 1; n > m; n--) {
        double ahead = forward[n];
        forward[n] = ahead + reflection * backward[n - 1];
        backward[n] = backward[n - 1] + reflection * ahead;
      }
    }
    return weights;
  }
}
