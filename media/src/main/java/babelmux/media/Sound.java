package babelmux.media;

import java.util.Arrays;

/**
 * Decoded audio: {@code channels[c][n]} is sample n of channel c, in -1..1. The arrays are not
 * copied; who makes a Sound gives them away.
 *
 * @param channels 1 to 8 arrays of the same length
 * @param sampleRate Hz
 */
public record Sound(float[][] channels, int sampleRate) {
  public Sound {
    if (channels.length < 1 || channels.length > 8) {
      throw new IllegalArgumentException("audio has 1 to 8 channels, not " + channels.length);
    }
    if (sampleRate <= 0) {
      throw new IllegalArgumentException("a sample rate is positive, not " + sampleRate);
    }
    for (float[] channel : channels) {
      if (channel.length != channels[0].length) {
        throw new IllegalArgumentException("the channels of audio have the same length");
      }
    }
  }

  /** Silence of a length in samples. */
  public static Sound silence(int channels, int frames, int sampleRate) {
    return new Sound(new float[channels][frames], sampleRate);
  }

  /** Samples of each channel. */
  public int frames() {
    return channels[0].length;
  }

  public int channelCount() {
    return channels.length;
  }

  /** Samples {@code from} (inclusive) to {@code to} (exclusive), a copy. */
  public Sound slice(int from, int to) {
    float[][] part = new float[channels.length][];
    for (int c = 0; c < part.length; c++) {
      part[c] = Arrays.copyOfRange(channels[c], from, to);
    }
    return new Sound(part, sampleRate);
  }
}
