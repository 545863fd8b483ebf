package babelmux.worker.session;

import babelmux.media.Sound;

/** A dub that waits for its slot: 16-bit samples, half the size of decoded ones. Immutable. */
final class Dub {
  private final short[][] channels;

  Dub(Sound sound) {
    channels = new short[sound.channelCount()][sound.frames()];
    for (int c = 0; c < channels.length; c++) {
      for (int n = 0; n < channels[c].length; n++) {
        int value = Math.round(sound.channels()[c][n] * 32768f);
        channels[c][n] = (short) Math.max(-32768, Math.min(32767, value));
      }
    }
  }

  int frames() {
    return channels[0].length;
  }

  float at(int channel, int n) {
    return channels[channel][n] / 32768f;
  }
}
