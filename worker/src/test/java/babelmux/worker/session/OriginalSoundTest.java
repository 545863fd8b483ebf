package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioClipEncoder;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.worker.timeline.SampleRate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginalSoundTest {
  private static final int RATE = 48_000;
  private static final int FRAME = 1024;

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  /**
   * The steepest step of a tone whose packets are placed with a hole or an overlap in the middle.
   *
   * @param gap samples, negative for an overlap
   * @param faded whether with fades
   */
  private float steepest(int gap, boolean faded) throws Exception {
    Sound tone = MixRig.tone(2 * RATE, RATE, 1, 700, 1);
    Path file = Files.write(folder.resolve("tone.m4a"), AudioClipEncoder.m4a(tone, 128_000));
    SessionListener none = new SessionListener() {};
    float[][] out = new float[1][FRAME];
    float steepest = 0;
    float last = 0;
    try (Source source = Source.open(file.toString(), SourceOptions.defaults());
        OriginalSound sound =
            faded
                ? OriginalSound.faded(new SampleRate(RATE), 1, none)
                : new OriginalSound(RATE, 1, none)) {
      TrackFormat format = Objects.requireNonNull(source.audio());
      long at = 0;
      long read = 0;
      int number = 0;
      for (Packet packet = source.read(); packet != null; packet = source.read()) {
        boolean breaks = number++ == 40;
        long start = breaks ? at + gap : at;
        int drop = breaks ? Math.max(0, -gap) : 0;
        try (TimedPacket timed =
            new TimedPacket(packet, format, 0, 0, 0, 0, start, drop, FRAME, 0)) {
          sound.add(timed);
          at = timed.heardTo();
        }
        while (read + FRAME <= at - sound.held()) {
          out[0] = new float[FRAME];
          sound.read(out, read, FRAME);
          for (float sample : out[0]) {
            if (read > 10 * FRAME) {
              steepest = Math.max(steepest, Math.abs(sample - last));
            }
            last = sample;
          }
          read += FRAME;
        }
      }
    }
    return steepest;
  }

  @Test
  void holesAndOverlapsMakeNoStep() throws Exception {
    float own = steepest(0, true);
    for (int gap : new int[] {288, 300, 1000, -288, -301, -500}) {
      assertThat(steepest(gap, false)).as("hard cut of %d samples", gap).isGreaterThan(1.5f * own);
      assertThat(steepest(gap, true)).as("%d samples", gap).isLessThan(1.2f * own);
    }
  }
}
