package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Sound;
import babelmux.worker.sound.Dub;
import babelmux.worker.sound.Limiter;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Slots of one length, an original and dubs, mixed in frames as the output thread does it. */
final class MixRig implements DubListener, SessionListener {
  private static final List<MixRig> OPEN = new ArrayList<>();

  final int rate;
  final int channels;
  final int slot;
  final List<String> decisions = new ArrayList<>();
  final List<Boolean> onAir = new ArrayList<>();
  final List<Double> gains = new ArrayList<>();
  long limitedUs;
  final DubTimeline timeline;
  final Bypass bypass = new Bypass(Duration.ZERO, false, InstantSource.system());
  long bypassedUs;

  /** Called with the first sample of each frame before it is mixed. */
  IntConsumer beforeFrame = sample -> {};

  private final SoundOptions options;

  MixRig(int rate, int channels, int slot, SoundOptions options) {
    this.rate = rate;
    this.channels = channels;
    this.slot = slot;
    this.options = options;
    this.timeline = new DubTimeline(rate, options, this, () -> {});
    OPEN.add(this);
  }

  /** Gives back what the dubs of all rigs so far take. After each test. */
  static void closeAll() {
    OPEN.forEach(rig -> rig.timeline.close());
    OPEN.clear();
  }

  @Override
  public void dubbed(long index) {
    decisions.add("dub " + index);
  }

  @Override
  public void fellBack(long index, FallbackReason reason, String detail) {
    decisions.add(reason.tag() + " " + index);
  }

  @Override
  public void dubGain(double decibels) {
    gains.add(decibels);
  }

  @Override
  public void limited(long us) {
    limitedUs += us;
  }

  @Override
  public void onAir(boolean dub) {
    onAir.add(dub);
  }

  @Override
  public void vetoed(long index) {
    decisions.add("veto " + index);
  }

  @Override
  public void bypassed(long us) {
    bypassedUs += us;
  }

  void open(int slots) {
    for (int i = 0; i < slots; i++) {
      assertThat(timeline.open(new Segment(i, (long) i * slot, slot), "f" + i, 0)).isTrue();
    }
  }

  /** A dub whose samples are those of {@code whole} in its slot. */
  boolean fill(int index, Sound whole) {
    Dub dub = Dub.of(whole.slice(index * slot, (index + 1) * slot), options);
    boolean used = timeline.fill(index, dub);
    if (!used) {
      dub.close();
    }
    return used;
  }

  /** What the encoder gets for an original. */
  Sound mixed(Sound original) {
    Limiter limiter = options.isMixed() ? new Limiter(rate, channels) : null;
    SampleRate hz = new SampleRate(rate);
    Mixdown mixdown = new Mixdown(timeline, limiter, hz, this);
    float[][] out = new float[channels][original.frames()];
    int written = 0;
    for (int at = 0; at < original.frames(); at += 1024) {
      int frames = Math.min(1024, original.frames() - at);
      Sound frame = original.slice(at, at + frames);
      beforeFrame.accept(at);
      DubShare share = bypass.next(hz, at, frames, this);
      written = keep(mixdown.next(frame.channels(), at, frames, share), out, written);
    }
    written = keep(mixdown.rest(), out, written);
    assertThat(written).as("no sample missing, none too many").isEqualTo(original.frames());
    return new Sound(out, rate);
  }

  private static int keep(float @Nullable [][] frame, float[][] out, int at) {
    if (frame == null) {
      return at;
    }
    for (int c = 0; c < out.length; c++) {
      System.arraycopy(frame[c], 0, out[c], at, frame[c].length);
    }
    return at + frame[0].length;
  }

  /** A sine of 1 kHz at half of full scale, another phase on each channel. */
  static Sound tone(int frames, int rate, int channels, double hertz, double gain) {
    float[][] out = new float[channels][frames];
    for (int c = 0; c < channels; c++) {
      for (int n = 0; n < frames; n++) {
        out[c][n] = (float) (0.5 * gain * Math.sin(2 * Math.PI * hertz * n / rate + c));
      }
    }
    return new Sound(out, rate);
  }

  /** The largest difference of two sounds in a range. */
  static float worst(Sound a, Sound b, int from, int to) {
    float worst = 0;
    for (int c = 0; c < a.channelCount(); c++) {
      for (int n = from; n < to; n++) {
        worst = Math.max(worst, Math.abs(a.channels()[c][n] - b.channels()[c][n]));
      }
    }
    return worst;
  }

  /** The largest step from one sample to the next. */
  static float steepest(Sound sound) {
    float steepest = 0;
    for (float[] channel : sound.channels()) {
      for (int n = 1; n < channel.length; n++) {
        steepest = Math.max(steepest, Math.abs(channel[n] - channel[n - 1]));
      }
    }
    return steepest;
  }
}
