package babelmux.meter;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds short pure tones of any pitch from 700 to 4000 Hz: the fixtures' beeps, also where a dub
 * plays them faster, slower, higher or lower. Voices are not pure enough.
 */
final class Bursts {
  private static final double LOWEST_HZ = 700;
  private static final double HIGHEST_HZ = 4000;
  private static final double WINDOW_SECONDS = 0.02;
  private static final double HOP_SECONDS = 0.01;
  private static final double MIN_SECONDS = 0.045;
  private static final double MAX_SECONDS = 0.25;
  private static final double QUIET = 0.02;
  private static final double PURE = 0.8;
  private static final double SAME_PITCH = 0.02;

  private final float[] sound;
  private final int rate;
  private final int window;
  private final int hop;
  private final Tones tones;

  private Bursts(Sound sound) {
    this.sound = sound.mono();
    this.rate = sound.rate();
    this.window = (int) (WINDOW_SECONDS * rate);
    this.hop = (int) (HOP_SECONDS * rate);
    this.tones = Tones.of(sound);
  }

  /** In the order of time. */
  static List<Burst> find(Sound sound) {
    return new Bursts(sound).find();
  }

  private List<Burst> find() {
    List<Burst> found = new ArrayList<>();
    int start = -1;
    double pitch = 0;
    for (int at = 0; at + window <= sound.length; at += hop) {
      double hz = purePitch(at);
      boolean goesOn = start >= 0 && hz > 0 && Math.abs(hz / pitch - 1) < SAME_PITCH;
      if (!goesOn) {
        add(found, start, at - hop + window);
        start = hz > 0 ? at : -1;
        pitch = hz;
      }
    }
    add(found, start, sound.length);
    return found;
  }

  private void add(List<Burst> found, int start, int end) {
    double seconds = (end - start) / (double) rate;
    if (start < 0 || seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
      return;
    }
    int quarter = (end - start) / 4;
    double hz = tones.dominant(start + quarter, end - quarter).frequencyHz();
    int around = rate / 20;
    Tones.Span span =
        tones.span(hz, Math.max(0, start - around), Math.min(sound.length, end + around));
    found.add(new Burst(span.from(), span.to(), hz));
  }

  /** The pitch of the one tone that nearly all of a window is; 0 if there is none. */
  private double purePitch(int at) {
    double energy = 0;
    for (int i = at; i < at + window; i++) {
      energy += sound[i] * sound[i];
    }
    if (energy < window * QUIET * QUIET / 2) {
      return 0;
    }
    double hz = Spectrum.peakHz(sound, at, at + window, rate);
    if (!(hz >= LOWEST_HZ && hz <= HIGHEST_HZ)) {
      return 0;
    }
    double amplitude = new Demodulated(sound, at, at + window, hz, rate).amplitude(0, window);
    return amplitude * amplitude * window / 2 > PURE * energy ? hz : 0;
  }
}
