package babelmux.stsecho.voice;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the fixtures' beeps by their pitch. Around a beep there is nothing but faint noise, so a
 * window that is one of the thirty pitches and little else is part of one; where exactly it begins
 * is where its waveform fits best. Pure.
 *
 * <p>Pitches are looked for at a quarter of the rate: they end at 2450 Hz, and it is a quarter of
 * the work, of which a test system with many streams on two cores feels every part.
 */
final class BeepFinder {
  private static final double WINDOW_SECONDS = 0.02;
  private static final double HOP_SECONDS = 0.005;
  private static final double MIN_RMS = 0.1;
  private static final double MIN_PURITY = 0.9;
  private static final int MIN_WINDOWS = 12;
  private static final double SEARCH_SECONDS = 0.008;
  private static final double MIN_PART_SECONDS = 0.005;
  private static final int COARSER = 4;

  private final float[] sound;
  private final float[] coarse;
  private final int rate;
  private final double[] turns = new double[Beep.NUMBERS];

  /**
   * @param sound one channel
   */
  BeepFinder(float[] sound, int rate) {
    this.sound = sound;
    this.coarse = averaged(sound);
    this.rate = rate;
    for (int number = 0; number < turns.length; number++) {
      turns[number] = 2 * Math.cos(2 * Math.PI * Beep.frequency(number) * COARSER / rate);
    }
  }

  /** One sample for each {@link #COARSER}, their mean. */
  private static float[] averaged(float[] sound) {
    float[] coarse = new float[sound.length / COARSER];
    for (int n = 0; n < coarse.length; n++) {
      float sum = 0;
      for (int k = n * COARSER; k < (n + 1) * COARSER; k++) {
        sum += sound[k];
      }
      coarse[n] = sum / COARSER;
    }
    return coarse;
  }

  /** The beeps that lie whole within the sound, in order. */
  List<Beep> find() {
    int hop = (int) Math.round(HOP_SECONDS * rate / COARSER);
    int window = (int) Math.round(WINDOW_SECONDS * rate / COARSER);
    List<Beep> beeps = new ArrayList<>();
    int number = -1;
    int run = 0;
    for (int at = 0; at + window <= coarse.length; at += hop) {
      int heard = pitch(at, window);
      run = heard >= 0 && heard == number ? run + 1 : 1;
      number = heard;
      if (number >= 0 && run == MIN_WINDOWS) {
        Beep beep = refine(number, (at - (MIN_WINDOWS - 1) * hop) * COARSER);
        if (beep.start() >= 0 && beep.start() + Beep.length(rate) <= sound.length) {
          beeps.add(beep);
        }
      }
    }
    return beeps;
  }

  /**
   * Tells whether the sound has the beep where it says, judged by the part that lies within. Less
   * than 5 ms of it tell nothing and are believed.
   */
  boolean confirms(Beep beep) {
    int from = Math.max(0, beep.start());
    int to = Math.min(sound.length, beep.start() + Beep.length(rate));
    if (to - from < rate * MIN_PART_SECONDS) {
      return true;
    }
    float[] expected = Beep.waveform(beep.number(), rate);
    double product = 0;
    double expectedEnergy = 0;
    double energy = 0;
    for (int n = from; n < to; n++) {
      double wanted = expected[n - beep.start()];
      product += wanted * sound[n];
      expectedEnergy += wanted * wanted;
      energy += sound[n] * (double) sound[n];
    }
    double gain = product / Math.max(1e-9, expectedEnergy);
    double share = product * product / Math.max(1e-9, expectedEnergy * energy);
    return gain > 0.2 && share > 0.7;
  }

  /** The number whose pitch fills the window, or -1. */
  private int pitch(int at, int window) {
    double energy = 0;
    for (int n = at; n < at + window; n++) {
      energy += coarse[n] * (double) coarse[n];
    }
    if (Math.sqrt(energy / window) < MIN_RMS) {
      return -1;
    }
    for (int number = 0; number < Beep.NUMBERS; number++) {
      if (tonePower(at, window, turns[number]) > MIN_PURITY * energy) {
        return number;
      }
    }
    return -1;
  }

  /** Goertzel: energy of one frequency in the window. */
  private double tonePower(int at, int window, double turn) {
    double last = 0;
    double before = 0;
    for (int n = at; n < at + window; n++) {
      double now = coarse[n] + turn * last - before;
      before = last;
      last = now;
    }
    return (last * last + before * before - turn * last * before) * 2 / window;
  }

  private Beep refine(int number, int about) {
    float[] expected = Beep.waveform(number, rate);
    int reach = (int) Math.round(SEARCH_SECONDS * rate);
    int best = about;
    double bestFit = Double.NEGATIVE_INFINITY;
    for (int start = about - reach; start <= about + reach; start++) {
      double fit = correlation(expected, start);
      if (fit > bestFit) {
        bestFit = fit;
        best = start;
      }
    }
    return new Beep(number, best);
  }

  /**
   * Of one sample in {@link #COARSER}: at 44.1 kHz and more that is four to twelve of each turn.
   */
  private double correlation(float[] expected, int start) {
    double sum = 0;
    int from = Math.max(0, -start);
    int to = Math.min(expected.length, sound.length - start);
    for (int n = from; n < to; n += COARSER) {
      sum += expected[n] * (double) sound[start + n];
    }
    return sum;
  }
}
