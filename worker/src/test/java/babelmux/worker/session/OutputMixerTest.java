package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.AudioClipEncoder;
import babelmux.media.AudioStreamDecoder;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputMixerTest {
  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  @Test
  void whatIsInItsPlaceHasNoDelta() throws Exception {
    try (OutputMixerRig rig = new OutputMixerRig(DubbedFilm.counting())) {
      rig.readTo(4_000_000);
      rig.playTo(3_000_000);
      assertThat(rig.deltasMs).hasSizeGreaterThan(100);
      assertThat(rig.deltasMs).allSatisfy(ms -> assertThat(ms).isCloseTo(0, within(2.0)));
    }
  }

  @Test
  void aPlantedErrorIsShownAsItIs() throws Exception {
    try (OutputMixerRig rig = new OutputMixerRig(DubbedFilm.counting())) {
      rig.readTo(2_000_000);
      rig.playTo(1_000_000);
      rig.plan =
          packet ->
              packet.isAudio()
                  ? packet
                  : packet.at(packet.ptsUs() - 80_000, packet.dtsUs() - 80_000);
      rig.readTo(5_000_000);
      rig.playTo(4_500_000);
      assertThat(rig.deltasMs.get(0)).isCloseTo(0, within(2.0));
      assertThat(rig.deltasMs.get(rig.deltasMs.size() - 1)).isCloseTo(80, within(2.0));
    }
  }

  @Test
  void aSourceThatComesBackAfterTheLineRanDryMakesNoBurst() throws Exception {
    try (OutputMixerRig rig = new OutputMixerRig(DubbedFilm.counting())) {
      rig.readTo(3_000_000);
      rig.timestamper.lost();
      rig.line.lost();
      // All has left 5 s ago when the source is back; its first packet leaves 6 s later.
      rig.playTo(8_000_000);
      int before = rig.written.size();
      rig.readTo(6_000_000, 11_000_000);
      rig.playTo(16_500_000);
      List<OutputMixerRig.Written> after = rig.written.subList(before, rig.written.size());
      assertThat(after).hasSizeGreaterThan(300);
      // Only the last audio may have stayed in the encoder: nothing follows it at an end.
      assertThat(after)
          .filteredOn(packet -> packet.lateUs() > OutputMixerRig.STEP_US * 2)
          .hasSizeLessThanOrEqualTo(6)
          .allSatisfy(packet -> assertThat(packet.dtsUs()).isBetween(2_900_000L, 3_120_000L));
      // The rest of the wait is filled with silence, at its pace.
      assertThat(after.stream().filter(packet -> packet.dtsUs() > 3_120_000).findFirst())
          .hasValueSatisfying(
              packet -> assertThat(packet.dtsUs()).isBetween(7_700_000L, 8_300_000L));
    }
  }

  @Test
  void aSegmentsLatencyIsTakenWhenItIsWritten() throws Exception {
    try (OutputMixerRig rig = new OutputMixerRig(DubbedFilm.counting())) {
      rig.readTo(9_000_000);
      SoundShape shape = Objects.requireNonNull(rig.timestamper.shape());
      int segment = 3 * shape.rate().hz();
      DubTimeline timeline = rig.dub.timeline(shape.rate());
      for (int index = 0; index < 3; index++) {
        timeline.open(
            new Segment(index, (long) index * segment, segment),
            "f" + index,
            index * 3_000_000_000L);
      }
      rig.playTo(8_000_000);
      assertThat(rig.segmentsMs.keySet()).containsExactly(0L, 1L, 2L);
      // Its first sample leaves at its time: 0.
      assertThat(rig.segmentsMs.values())
          .allSatisfy(ms -> assertThat(ms).isBetween(-25L, 2 * OutputMixerRig.STEP_US / 1000));
      assertThat(rig.videoSegments).as("6 s of video, and 1 s and more").isEqualTo(2);
    }
  }

  @Test
  void soundAloneCountsNoVideo() throws Exception {
    Path tone = tone(16_000, 8);
    try (OutputMixerRig rig = new OutputMixerRig(tone)) {
      rig.readTo(8_000_000);
      rig.playTo(7_000_000);
      assertThat(rig.of(TrackKind.AUDIO)).isNotEmpty();
      assertThat(rig.videoSegments).isZero();
      assertThat(rig.deltasMs).isEmpty();
    }
  }

  @Test
  void aFailureWithAPacketInTheHandLeavesNothingOpen() throws Exception {
    try (OutputMixerRig rig = new OutputMixerRig(DubbedFilm.counting())) {
      rig.readTo(1_000_000);
      rig.playTo(500_000);
      SoundShape shape = Objects.requireNonNull(rig.timestamper.shape());
      int second = shape.rate().hz();
      rig.dub.timeline(shape.rate()).open(new Segment(0, second * 9L / 10, second), "f", 0);
      rig.timestamper.lost();
      rig.readTo(2_000_000, 3_000_000);
      rig.failing = true;
      assertThatThrownBy(() -> rig.mixer.advance(4_500_000)).hasMessage("planted");
    }
  }

  private Path tone(int hz, double seconds) throws Exception {
    Sound sound = MixRig.tone((int) (seconds * hz), hz, 1, 1000, 1);
    return Files.write(folder.resolve("tone.m4a"), AudioClipEncoder.m4a(sound, 64_000));
  }

  @Test
  void aGapOfMillisecondsCostsNoMoreSoundThanItIsLong() throws Exception {
    int hz = 16_000;
    try (OutputMixerRig rig = new OutputMixerRig(tone(hz, 4))) {
      rig.keepSound = true;
      rig.readTo(1_500_000);
      rig.timestamper.lost();
      long gapUs = 5_000;
      rig.readTo(4_000_000, gapUs);
      rig.playTo(3_500_000);
      List<OutputMixerRig.Written> out = rig.of(TrackKind.AUDIO);
      for (int n = 1; n < out.size(); n++) {
        assertThat(out.get(n).ptsUs() - out.get(n - 1).ptsUs())
            .as("no jump of the times")
            .isBetween(63_999L, 64_001L);
      }
      assertThat(quietMs(rig, hz)).as("silence").isBetween(3, 12);
    }
  }

  /** Milliseconds without the tone, after the first half second. */
  private static int quietMs(OutputMixerRig rig, int hz) throws MediaException {
    List<Float> samples = new ArrayList<>();
    TrackFormat format = Objects.requireNonNull(rig.formats).audio();
    try (AudioStreamDecoder decoder = new AudioStreamDecoder(Objects.requireNonNull(format))) {
      for (Packet packet : rig.sound) {
        decoder.decode(
            packet,
            0,
            (at, sound) -> {
              for (float sample : sound.channels()[0]) {
                samples.add(sample);
              }
            });
      }
    }
    int quiet = 0;
    int perMs = hz / 1000;
    for (int ms = 500; ms < samples.size() / perMs - 100; ms++) {
      float peak = 0;
      for (int n = 0; n < perMs; n++) {
        peak = Math.max(peak, Math.abs(samples.get(ms * perMs + n)));
      }
      quiet += peak < 0.1 ? 1 : 0;
    }
    return quiet;
  }

  @Test
  void whatIsStillInTheLineWhenItIsClosedIsCounted() throws Exception {
    try (OutputMixerRig rig = new OutputMixerRig(DubbedFilm.counting())) {
      rig.readTo(1_000_000);
      rig.line.close();
      assertThat(rig.dropped.get(DropReason.STOPPED)).isGreaterThan(60);
      rig.line.close();
      assertThat(rig.dropped).hasSize(1);
    }
  }

  @Test
  void aSourceThatAlternatesBetweenFormatsKeepsTwo() throws Exception {
    try (OutputMixerRig first = new OutputMixerRig(DubbedFilm.counting());
        OutputMixerRig second = new OutputMixerRig(DubbedFilm.noBframes())) {
      first.readTo(0);
      second.readTo(0);
      TrackFormat one = Objects.requireNonNull(first.source.video());
      TrackFormat other = Objects.requireNonNull(second.source.video());
      int before = first.timestamper.formatCount();
      for (int n = 1; n <= 20; n++) {
        Packet packet = Objects.requireNonNull(first.source.read());
        while (packet.kind() != TrackKind.VIDEO) {
          packet.close();
          packet = Objects.requireNonNull(first.source.read());
        }
        TrackFormat fresh = (n % 2 == 0 ? one : other).copy();
        try (fresh;
            TimedPacket timed =
                Objects.requireNonNull(first.timestamper.place(packet, fresh, n * 40_000L, 0))
                    .packet()) {
          assertThat(timed.format().isSameAs(fresh)).isTrue();
        }
      }
      assertThat(first.timestamper.formatCount()).isEqualTo(before + 1);
    }
  }
}
