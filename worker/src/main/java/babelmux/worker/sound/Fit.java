package babelmux.worker.sound;

import babelmux.media.MediaException;
import babelmux.media.Sound;
import babelmux.media.Tempo;
import java.util.Arrays;

/** Makes a dub as long as its slot: {@link #plan} decides, {@link #apply} does it. */
public final class Fit {
  /** A dub more than this many times as long as its slot is no dub of it. */
  public static final double ABSURD = 3.0;

  private static final int INAUDIBLE_PERCENT = 1;
  private static final int STRICT_PERCENT = 10;
  // Containers without a length of their own give the whole of a codec's last frame.
  private static final int CODEC_SURPLUS = 2048;
  // -60 dB below full scale.
  private static final float SILENT = 0.001f;
  private static final int FADES_PER_SECOND = 20;
  private static final int SHORT_FADES_PER_SECOND = 200;

  private Fit() {}

  /**
   * Plans how a dub is fitted to its slot. Pure.
   *
   * @param dubFrames the dub's length
   * @param heardFrames its length without the silence at its end, which is not worth speeding up
   *     for
   */
  public static FitPlan plan(int dubFrames, int heardFrames, int slotFrames, FitPolicy policy) {
    if (dubFrames == 0 || dubFrames > ABSURD * slotFrames) {
      return new FitPlan(FitAction.REFUSED, 1, dubFrames, slotFrames);
    }
    int frames = dubFrames <= slotFrames ? dubFrames : Math.max(slotFrames, heardFrames);
    double ratio = (double) frames / slotFrames;
    boolean inaudible =
        isWithin(INAUDIBLE_PERCENT, frames, slotFrames)
            || (frames > slotFrames && frames - slotFrames <= CODEC_SURPLUS);
    if (frames == slotFrames) {
      FitAction action = dubFrames == slotFrames ? FitAction.EXACT : FitAction.TRIMMED;
      return new FitPlan(action, 1, frames, slotFrames);
    }
    if (inaudible) {
      FitAction action = frames < slotFrames ? FitAction.PADDED : FitAction.TRIMMED;
      return new FitPlan(action, 1, frames, slotFrames);
    }
    if (policy.strict()) {
      FitAction action =
          !isWithin(STRICT_PERCENT, frames, slotFrames)
              ? FitAction.REFUSED
              : frames < slotFrames ? FitAction.PADDED : FitAction.CUT;
      return new FitPlan(action, 1, frames, slotFrames);
    }
    if (frames < slotFrames) {
      // Slower speech that still leaves silence at the end would gain nothing.
      return ratio >= policy.minTempo()
          ? new FitPlan(FitAction.SLOWED, ratio, frames, slotFrames)
          : new FitPlan(FitAction.PADDED, 1, frames, slotFrames);
    }
    return ratio <= policy.maxTempo()
        ? new FitPlan(FitAction.SPED, ratio, frames, slotFrames)
        : new FitPlan(FitAction.CUT, policy.maxTempo(), frames, slotFrames);
  }

  private static boolean isWithin(int percent, int frames, int slotFrames) {
    return 100L * Math.abs(frames - slotFrames) <= (long) percent * slotFrames;
  }

  /** The plan for a dub. Pure. */
  public static FitPlan plan(Sound dub, int slotFrames, FitPolicy policy) {
    return plan(dub.frames(), heardFrames(dub), slotFrames, policy);
  }

  /** The length of audio without the silence at its end, samples. */
  static int heardFrames(Sound sound) {
    int heard = 0;
    for (float[] channel : sound.channels()) {
      int last = channel.length;
      while (last > heard && Math.abs(channel[last - 1]) < SILENT) {
        last--;
      }
      heard = Math.max(heard, last);
    }
    return heard;
  }

  /**
   * Does it; takes milliseconds where the tempo changes.
   *
   * @param plan of this dub, not REFUSED
   * @return exactly as long as the slot; {@code dub} itself when it was
   */
  public static Sound apply(Sound dub, FitPlan plan) throws MediaException {
    int slot = plan.slotFrames();
    return switch (plan.action()) {
      case EXACT -> dub;
      case TRIMMED -> resized(dub, slot);
      case PADDED -> padded(dub, slot);
      case SPED, SLOWED ->
          resized(Tempo.change(resized(dub, plan.dubFrames()), plan.tempo()), slot);
      case CUT -> cut(dub, plan);
      case REFUSED -> throw new IllegalArgumentException("a refused dub fits nowhere");
    };
  }

  /** Its end may be no silence: what is added must not be heard as a click. */
  private static Sound padded(Sound dub, int slot) {
    Sound whole = resized(dub, dub.frames());
    Fades.out(whole, dub.sampleRate() / SHORT_FADES_PER_SECOND);
    return resized(whole, slot);
  }

  private static Sound cut(Sound dub, FitPlan plan) throws MediaException {
    int slot = plan.slotFrames();
    Sound used = resized(dub, Math.min(dub.frames(), (int) Math.ceil(slot * plan.tempo())));
    Sound spoken = plan.tempo() == 1 ? used : resized(Tempo.change(used, plan.tempo()), slot);
    Fades.out(spoken, dub.sampleRate() / FADES_PER_SECOND);
    return spoken;
  }

  private static Sound resized(Sound sound, int frames) {
    float[][] out = new float[sound.channelCount()][];
    for (int c = 0; c < out.length; c++) {
      out[c] = Arrays.copyOf(sound.channels()[c], frames);
    }
    return new Sound(out, sound.sampleRate());
  }
}
