package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Sound;
import babelmux.worker.sound.Dub;
import babelmux.worker.sound.Fades;
import babelmux.worker.sound.Joint;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dubs over the original, mixed in frames as the release does it. */
class JointTest {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;

  private final List<String> decisions = new ArrayList<>();
  private final DubTrack track =
      new DubTrack(
          RATE,
          1,
          new SessionListener() {
            @Override
            public void dubbed(long index) {
              decisions.add("dub " + index);
            }

            @Override
            public void fellBack(long index, FallbackReason reason, String detail) {
              decisions.add(reason.tag() + " " + index);
            }
          });

  private static float tone(long n) {
    return (float) (0.5 * Math.sin(2 * Math.PI * 1000 * n / RATE));
  }

  private static Dub dub(long start, float gain) {
    float[][] samples = new float[1][SLOT];
    for (int n = 0; n < SLOT; n++) {
      samples[0][n] = gain * tone(start + n);
    }
    return new Dub(new Sound(samples, RATE));
  }

  private float[] mixed(int samples) {
    float[] out = new float[samples];
    for (int at = 0; at < samples; at += 1024) {
      int frames = Math.min(1024, samples - at);
      float[][] frame = new float[1][frames];
      for (int n = 0; n < frames; n++) {
        frame[0][n] = tone(at + n);
      }
      track.mix(frame, at, frames, 0);
      System.arraycopy(frame[0], 0, out, at, frames);
    }
    return out;
  }

  private void open(int slots) {
    for (int i = 0; i < slots; i++) {
      assertThat(track.open(new Segment(i, (long) i * SLOT, SLOT), 0)).isTrue();
    }
  }

  @Test
  void anEchoedToneGoesThroughAlternatingSlotsWithoutAStep() {
    open(4);
    for (int i = 0; i < 4; i += 2) {
      assertThat(track.fill(i, dub((long) i * SLOT, 1f))).isTrue();
    }
    float[] out = mixed(4 * SLOT);
    float worst = 0;
    for (int n = 0; n < out.length; n++) {
      worst = Math.max(worst, Math.abs(out[n] - tone(n)));
    }
    // 16-bit dubs, nothing more.
    assertThat(worst).isLessThan(1f / 16_384);
    assertThat(decisions).containsExactly("dub 0", "dub 2", "timeout 1", "timeout 3");
  }

  @Test
  void aDubReplacesTheOriginalInItsSlotAndNowhereElse() {
    open(3);
    track.refuse(0, FallbackReason.ERROR, "no");
    track.fill(1, dub(SLOT, 0f));
    track.refuse(2, FallbackReason.ERROR, "no");
    float[] out = mixed(3 * SLOT);
    for (int n = 0; n < out.length; n++) {
      boolean inside = n >= SLOT + 480 && n < 2 * SLOT - 480;
      boolean outside = n < SLOT || n >= 2 * SLOT;
      if (inside) {
        assertThat(out[n]).as("sample " + n).isZero();
      } else if (outside) {
        assertThat(out[n]).as("sample " + n).isEqualTo(tone(n));
      }
    }
  }

  @Test
  void onlyTheFirstDecisionCounts() {
    open(1);
    track.refuse(0, FallbackReason.ERROR, "no");
    assertThat(track.fill(0, dub(0, 1f))).isFalse();
    track.refuse(0, FallbackReason.TIMEOUT, "late");
    assertThat(decisions).containsExactly("error 0");
  }

  @Test
  void aSegmentThatIsCutAfterItsTimeFallsBackAtOnce() {
    mixed(SLOT + 1024);
    assertThat(track.open(new Segment(0, 0, SLOT), 0)).isFalse();
    assertThat(decisions).containsExactly("timeout 0");
  }

  @Test
  void seamsAreToldFromSteps() {
    assertThat(Joint.isContinuous(dub(0, 1f), dub(SLOT, 1f))).isTrue();
    assertThat(Joint.isContinuous(dub(0, 1f), dub(SLOT + 12, 1f))).isFalse();
    for (int n = 0; n < 480; n++) {
      assertThat(Fades.in(n, 480) + Fades.in(479 - n, 480)).isBetween(0.9999f, 1.0001f);
    }
  }
}
