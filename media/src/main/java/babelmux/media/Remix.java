package babelmux.media;

/**
 * Changes mono, stereo and 5.1 into each other, sample by sample. Mono stands at full level on both
 * sides of stereo and comes back as it was; 5.1 is mixed down as ITU-R BS.775 has it, its LFE left
 * out; what has fewer channels takes its own places in 5.1, nothing is invented for the others.
 */
final class Remix {
  private static final float MINUS_3_DB = (float) Math.sqrt(0.5);
  private static final int LEFT = 0;
  private static final int RIGHT = 1;
  private static final int CENTRE = 2;
  private static final int BACK_LEFT = 4;
  private static final int BACK_RIGHT = 5;

  private Remix() {}

  /** Returns whether {@link #to} knows both layouts. */
  static boolean knows(int from, int to) {
    return isKnown(from) && isKnown(to);
  }

  private static boolean isKnown(int channels) {
    return channels == 1 || channels == 2 || channels == 6;
  }

  /** {@code in} itself when it has as many channels. */
  static float[][] to(float[][] in, int channels) {
    if (in.length == channels) {
      return in;
    }
    return switch (channels) {
      case 1 -> mono(in.length == 6 ? to(in, 2) : in);
      case 2 -> in.length == 1 ? new float[][] {in[0], in[0].clone()} : stereo(in);
      default -> surround(in);
    };
  }

  private static float[][] mono(float[][] stereo) {
    float[] out = new float[stereo[0].length];
    for (int n = 0; n < out.length; n++) {
      out[n] = (stereo[LEFT][n] + stereo[RIGHT][n]) / 2;
    }
    return new float[][] {out};
  }

  private static float[][] stereo(float[][] in) {
    float[][] out = new float[2][in[0].length];
    for (int n = 0; n < in[0].length; n++) {
      out[LEFT][n] = in[LEFT][n] + MINUS_3_DB * (in[CENTRE][n] + in[BACK_LEFT][n]);
      out[RIGHT][n] = in[RIGHT][n] + MINUS_3_DB * (in[CENTRE][n] + in[BACK_RIGHT][n]);
    }
    return out;
  }

  private static float[][] surround(float[][] in) {
    float[][] out = new float[6][];
    for (int c = 0; c < out.length; c++) {
      out[c] = new float[in[0].length];
    }
    if (in.length == 1) {
      out[CENTRE] = in[0];
    } else {
      out[LEFT] = in[LEFT];
      out[RIGHT] = in[RIGHT];
    }
    return out;
  }
}
