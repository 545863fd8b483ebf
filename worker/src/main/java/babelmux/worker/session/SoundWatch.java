package babelmux.worker.session;

import babelmux.media.Sound;

/**
 * Warns of audio that is silent or clipped, by the source's samples as they are decoded. Counts
 * samples, so that its time is the source's. One thread.
 */
final class SoundWatch {
  /** -60 dBFS. */
  static final float SILENT = 0.001f;

  static final int SILENT_SECONDS = 30;

  /** -0.5 dBFS: FFmpeg's AAC encoder, for one, lowers what is clipped to that. */
  static final float FULL = 0.94f;

  /** So many samples at full scale one after the other are a flat top. */
  static final int FLAT_SAMPLES = 6;

  /** Clipping is judged by windows of this length. */
  static final int WINDOW_SECONDS = 10;

  /** Flat tops in a window that are heard, and so few that they are not. */
  static final int MANY_FLAT_TOPS = 50;

  static final int FEW_FLAT_TOPS = 5;

  private final SessionListener listener;
  private long silentSamples;
  private boolean silent;
  private long windowSamples;
  private int flatTops;
  private boolean clipping;

  SoundWatch(SessionListener listener) {
    this.listener = listener;
  }

  /** Audio that is to be heard; stays the caller's. */
  void heard(Sound sound) {
    float peak = 0;
    for (float[] channel : sound.channels()) {
      int flat = 0;
      for (float sample : channel) {
        float size = Math.abs(sample);
        peak = Math.max(peak, size);
        flat = size >= FULL ? flat + 1 : 0;
        flatTops += flat == FLAT_SAMPLES ? 1 : 0;
      }
    }
    watchSilence(peak, sound.frames(), sound.sampleRate());
    watchClipping(sound.frames(), sound.sampleRate());
  }

  private void watchSilence(float peak, int frames, int hz) {
    silentSamples = peak < SILENT ? silentSamples + frames : 0;
    boolean now = silentSamples >= (long) SILENT_SECONDS * hz;
    if (now != silent) {
      silent = now;
      listener.warning(
          StreamWarning.SILENCE,
          now
              ? "the audio has been silent (below -60 dBFS) for %d s: nothing is dubbed"
                  .formatted(SILENT_SECONDS)
              : null);
    }
  }

  private void watchClipping(int frames, int hz) {
    windowSamples += frames;
    if (windowSamples < (long) WINDOW_SECONDS * hz) {
      return;
    }
    boolean now = flatTops >= (clipping ? FEW_FLAT_TOPS : MANY_FLAT_TOPS);
    if (now != clipping) {
      clipping = now;
      listener.warning(
          StreamWarning.CLIPPING,
          now
              ? "the audio is clipped (%d flat tops at full scale in %d s): lower the level before the encoder"
                  .formatted(flatTops, WINDOW_SECONDS)
              : null);
    }
    windowSamples = 0;
    flatTops = 0;
  }
}
