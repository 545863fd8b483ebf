package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AacEncoder;
import babelmux.media.AudioClipEncoder;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.output.PacketSink;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole live pipeline in virtual time. */
class PipelineTest {
  private static final long SECOND = 1_000_000;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private static DubSpec spec(String name, @Nullable StsLink link, DubListener listener) {
    return new DubSpec(name, SoundOptions.DEFAULT, 96_000, true, shape -> link, listener);
  }

  private static OutputMixer.Output output(String dub, PacketSink sink) {
    return new OutputMixer.Output(dub, sink);
  }

  /** Answers with silence, so that a dub cannot be mistaken for the original. */
  private static EchoLink silent() throws Exception {
    byte[] silence = AudioClipEncoder.m4a(Sound.silence(2, 6 * 48_000, 48_000), 64_000);
    EchoLink[] self = new EchoLink[1];
    self[0] =
        new EchoLink(fragment -> CompletableFuture.completedFuture(self[0].dub(silence, "m4a")));
    return self[0];
  }

  private static EchoLink never() {
    return new EchoLink(fragment -> new CompletableFuture<StsOutcome>());
  }

  private static EchoLink throwing() {
    return new EchoLink(
        fragment -> {
          throw new IllegalStateException("planted");
        });
  }

  @Test
  void ofThreeDubsEachHasItsOwnFate() throws Exception {
    List<DubRecord> dubs = List.of(new DubRecord(), new DubRecord(), new DubRecord());
    List<PipelineRig.Output> outputs =
        List.of(new PipelineRig.Output(), new PipelineRig.Output(), new PipelineRig.Output());
    List<EchoLink> links = List.of(throwing(), silent(), never());
    List<String> names = List.of("throws", "answers", "never");
    List<DubSpec> specs = new ArrayList<>();
    List<OutputMixer.Output> sinks = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      // All encoded: how much is copied depends on how long a dub may still come.
      StsLink link = links.get(n);
      specs.add(
          new DubSpec(
              names.get(n), SoundOptions.DEFAULT, 96_000, false, shape -> link, dubs.get(n)));
      sinks.add(output(names.get(n), outputs.get(n)));
    }
    int videoPackets;
    try (MadeSource source = MadeSource.aac(48_000, 2);
        PipelineRig rig = new PipelineRig(specs, sinks, AudioEncoder::aac)) {
      source.play(rig, 0, 18 * SECOND, us -> us);
      rig.drain();
      assertThat(rig.pacer.isDone()).isTrue();
      assertThat(rig.dropped).isEmpty();
      videoPackets = source.videoPackets();
    }

    assertThat(dubs.get(1).dubbed()).containsExactly(0L, 1L, 2L);
    assertThat(dubs.get(1).fellBack).isEmpty();
    assertThat(dubs.get(1).onAir).containsExactly(true);
    assertThat(dubs.get(0).dubbed()).isEmpty();
    assertThat(dubs.get(0).fellBack).containsOnlyKeys(0L, 1L, 2L);
    assertThat(dubs.get(0).fellBack.values()).containsOnly(FallbackReason.ERROR);
    assertThat(dubs.get(2).dubbed()).isEmpty();
    assertThat(dubs.get(2).fellBack).containsOnlyKeys(0L, 1L, 2L);
    assertThat(dubs.get(2).fellBack.values()).containsOnly(FallbackReason.TIMEOUT);

    assertThat(outputs.get(0).video).hasSize(videoPackets);
    assertThat(outputs.get(1).video).isEqualTo(outputs.get(0).video);
    assertThat(outputs.get(2).video).isEqualTo(outputs.get(0).video);
    assertThat(outputs.get(0).audio).hasSizeGreaterThan(18 * 46);
    assertThat(outputs.get(2).audio).as("the original, both").isEqualTo(outputs.get(0).audio);
    assertThat(outputs.get(1).audio).as("a dub").isNotEqualTo(outputs.get(0).audio);
    for (int n = 0; n < 3; n++) {
      assertThat(links.get(1).sent.get(n).audio())
          .as("made once")
          .isSameAs(links.get(0).sent.get(n).audio())
          .isSameAs(links.get(2).sent.get(n).audio());
    }
  }

  @Test
  void aDubThatCannotBeInspectedIsPlayedAndCountsAsUsed() throws Exception {
    PipelineRig.Output out = new PipelineRig.Output();
    DubRecord dub = new DubRecord();
    DubListener failing =
        new DubListener() {
          @Override
          public void dubbed(long index) {
            dub.dubbed(index);
          }

          @Override
          public void fellBack(long index, FallbackReason reason, String detail) {
            dub.fellBack(index, reason, detail);
          }

          @Override
          public void fitted(long index, FitPlan plan) {
            throw new NoClassDefFoundError("planted");
          }
        };
    EchoLink link = EchoLink.echoing();
    try (MadeSource source = MadeSource.aac(48_000, 2);
        PipelineRig rig =
            new PipelineRig(
                List.of(spec("es", link, failing)),
                List.of(output("es", out)),
                AudioEncoder::aac)) {
      source.play(rig, 0, 18 * SECOND, us -> us);
      rig.drain();
    }
    assertThat(dub.dubbed()).containsExactly(0L, 1L, 2L);
    assertThat(dub.fellBack).isEmpty();
    assertThat(link.used).containsExactly(true, true, true);
  }

  @Test
  void aDubThatFailsInTheMixEndsItsOwnOutput() throws Exception {
    PipelineRig.Output broken = new PipelineRig.Output();
    PipelineRig.Output whole = new PipelineRig.Output();
    DubRecord dub = new DubRecord();
    DubListener failing =
        new DubListener() {
          @Override
          public void onAir(boolean isDub) {
            throw new IllegalStateException("planted");
          }
        };
    int videoPackets;
    try (MadeSource source = MadeSource.aac(48_000, 2);
        PipelineRig rig =
            new PipelineRig(
                List.of(spec("fr", silent(), failing), spec("es", silent(), dub)),
                List.of(output("fr", broken), output("es", whole)),
                AudioEncoder::aac)) {
      source.play(rig, 0, 12 * SECOND, us -> us);
      rig.drain();
      videoPackets = source.videoPackets();
    }
    assertThat(whole.video).hasSize(videoPackets);
    assertThat(dub.dubbed()).containsExactly(0L, 1L);
    assertThat(broken.video).hasSizeLessThan(videoPackets / 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 10, 60})
  void aSourceThatComesBackGoesOnAtItsPlace(long awaySeconds) throws Exception {
    long backUs = (20 + awaySeconds) * SECOND;
    TimedOutput out;
    DubRecord dub = new DubRecord();
    try (MadeSource source = MadeSource.aac(48_000, 2)) {
      out = new TimedOutput(us -> us);
      try (PipelineRig rig =
          new PipelineRig(
              List.of(spec("es", EchoLink.echoing(), dub)),
              List.of(output("es", out)),
              AudioEncoder::aac)) {
        out.watch(rig);
        source.play(rig, 0, 20 * SECOND, us -> us);
        rig.lose();
        // The publisher restarts: its own times start at 0.
        source.play(rig, backUs, backUs + 20 * SECOND, us -> us, us -> us - backUs);
        rig.drain();
        assertThat(rig.pacer.isDone()).isTrue();
        assertThat(rig.dropped).isEmpty();
      }
      assertThat(out.videoPackets).isEqualTo(source.videoPackets());
      assertThat(out.worstVideoUs).as("every packet leaves D after it came").isLessThan(50_000);
    }
    // 18 s and 2 s of rest before the gap, the same behind it.
    assertThat(dub.dubbed()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(dub.fellBack).isEmpty();
    // Under 8 s the times jump. Longer: known before it must be played, it is filled with silence;
    // longer than the delay, there is nothing for 8 s and then silence.
    long longestJumpUs = awaySeconds == 10 ? 0 : Math.min(awaySeconds, 8) * SECOND;
    assertThat(out.longestAudioStepUs).isBetween(longestJumpUs - 100_000, longestJumpUs + 200_000);
    assertThat(out.longestPauseUs).isBetween(longestJumpUs - 300_000, longestJumpUs + 300_000);
  }

  @Test
  void aHoleInTheAudioIsSilenceOfItsLength() throws Exception {
    DubRecord dub = new DubRecord();
    try (MadeSource source = MadeSource.aac(48_000, 2)) {
      TimedOutput out = new TimedOutput(us -> us);
      try (PipelineRig rig =
          new PipelineRig(
              List.of(spec("es", EchoLink.echoing(), dub)),
              List.of(output("es", out)),
              AudioEncoder::aac)) {
        out.watch(rig);
        source.withoutAudio(7 * SECOND, 8 * SECOND).play(rig, 0, 15 * SECOND, us -> us);
        rig.drain();
        assertThat(rig.dropped).containsOnlyKeys(DropReason.SOUND_HOLE);
        assertThat(rig.dropped.get(DropReason.SOUND_HOLE)).isOne();
      }
      assertThat(out.videoPackets).isEqualTo(source.videoPackets());
      assertThat(out.worstVideoUs).isLessThan(50_000);
      assertThat(out.worstAudioUs).isLessThan(50_000);
      assertThat(out.audioPackets).isBetween(15 * 48_000 / 1024, 15 * 48_000 / 1024 + 3);
      assertThat(out.longestAudioStepUs).isLessThan(22_000);
    }
    assertThat(dub.dubbed()).containsExactly(0L, 1L, 2L);
  }

  /** A thread that is woken for each packet costs more than the packet. */
  @Test
  void theOutputThreadIsWokenTwentyFiveTimesASecond() throws Exception {
    try (MadeSource source = MadeSource.aac(48_000, 2)) {
      TimedOutput out = new TimedOutput(us -> us);
      try (PipelineRig rig =
          new PipelineRig(
              List.of(spec("es", EchoLink.echoing(), new DubRecord())),
              List.of(output("es", out)),
              AudioEncoder::aac)) {
        out.watch(rig);
        source.play(rig, 0, 60 * SECOND, us -> us);
        long before = rig.steps;
        source.play(rig, 60 * SECOND, 120 * SECOND, us -> us);
        assertThat(rig.steps - before).isBetween(60 * 25L - 5, 60 * 25L + 5);
      }
    }
  }

  @Test
  void aHoleInTheVideoDoesNotHoldTheAudio() throws Exception {
    DubRecord dub = new DubRecord();
    try (MadeSource source = MadeSource.aac(48_000, 2)) {
      TimedOutput out = new TimedOutput(us -> us);
      try (PipelineRig rig =
          new PipelineRig(
              List.of(spec("es", never(), dub)), List.of(output("es", out)), AudioEncoder::aac)) {
        out.watch(rig);
        source.withoutVideo(5 * SECOND, 25 * SECOND).play(rig, 0, 30 * SECOND, us -> us);
        rig.drain();
        assertThat(rig.dropped).isEmpty();
      }
      assertThat(out.videoPackets).isEqualTo(source.videoPackets());
      assertThat(out.worstVideoUs).isLessThan(50_000);
      assertThat(out.worstAudioUs).isLessThan(50_000);
      assertThat(out.silentPackets).as("the original is heard").isLessThan(10);
      assertThat(out.longestAudioStepUs).isLessThan(22_000);
      assertThat(out.longestPauseUs).isLessThan(60_000);
    }
    assertThat(dub.fellBack).containsOnlyKeys(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(dub.fellBack.values()).containsOnly(FallbackReason.TIMEOUT);
  }

  /** An encoder that costs nothing: one real frame for each of the samples'. */
  private static AudioEncoder.Factory repeating() {
    return (hz, channels, bitRate) -> {
      AacEncoder real = new AacEncoder(hz, channels, bitRate);
      List<Packet> frame = new ArrayList<>();
      for (int n = 0; frame.isEmpty(); n++) {
        Sound silence = Sound.silence(channels, AacEncoder.FRAME_SAMPLES, hz);
        real.encode(silence, (long) n * AacEncoder.FRAME_SAMPLES)
            .forEach(coded -> frame.add(coded.packet()));
      }
      return new AudioEncoder() {
        @Override
        public TrackFormat format() {
          return real.format();
        }

        @Override
        public List<AacEncoder.Encoded> encode(Sound sound, long startSample) {
          return List.of(new AacEncoder.Encoded(frame.get(0).share(), startSample));
        }

        @Override
        public List<AacEncoder.Encoded> finish() {
          return List.of();
        }

        @Override
        public void close() {
          frame.forEach(Packet::close);
          real.close();
        }
      };
    };
  }

  /**
   * The source's clock runs 100 ppm fast or slow, and its 32 bits of milliseconds run over at noon.
   * {@code -Dpipeline.hours=24} for the whole day, which takes 20 s of CPU time; without it, six
   * hours and one.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1 + 100e-6, 1 - 100e-6})
  void aDayLosesNothingAndKeepsItsDelay(double speed) throws Exception {
    long day = Long.getLong("pipeline.hours", speed > 1 ? 6 : 1) * 3600 * SECOND;
    DubRecord dub = new DubRecord();
    EchoLink away = EchoLink.without(LinkState.RECONNECTING);
    try (MadeSource source = MadeSource.pcm(16_000, 2)) {
      TimedOutput out = new TimedOutput(us -> Math.round(us / speed));
      try (PipelineRig rig =
          new PipelineRig(
              List.of(spec("es", away, dub)), List.of(output("es", out)), repeating())) {
        out.watch(rig);
        // Not where a segment ends: a run that began there would show.
        long baseMs = (1L << 32) - day / 2000 - 2500;
        source.play(
            rig,
            0,
            day,
            us -> Math.round(us / speed),
            us -> ((baseMs + Math.round(us / 1000.0)) & ((1L << 32) - 1)) * 1000);
        rig.drain();
        assertThat(rig.pacer.isDone()).isTrue();
        assertThat(rig.dropped).isEmpty();
      }
      assertThat(out.videoPackets).isEqualTo(source.videoPackets());
      assertThat(out.worstVideoUs).isLessThan(50_000);
      assertThat(out.worstAudioUs).isLessThan(50_000);
      assertThat(out.longestAudioStepUs).isLessThan(65_000);
      long first = out.mostNatives.firstEntry().getValue();
      assertThat(out.mostNatives.values())
          .as("native objects")
          .allSatisfy(most -> assertThat(most).isLessThan(first + 10));
    }
    assertThat((long) dub.fellBack.size()).isEqualTo(day / SECOND / 6);
  }

  @Test
  void aPacketWhoseFormatIsNotKnownIsCountedAndFreed() throws Exception {
    long videos = 0;
    long audios = 0;
    try (Source film = Source.open(DubbedFilm.counting().toString(), SourceOptions.defaults());
        PipelineRig rig =
            new PipelineRig(
                List.of(spec("es", null, new DubListener() {})), List.of(), AudioEncoder::aac)) {
      for (int i = 0; i < 20; i++) {
        Packet packet = Objects.requireNonNull(film.read());
        boolean video = packet.kind() == TrackKind.VIDEO;
        videos += video ? 1 : 0;
        audios += video ? 0 : 1;
        assertThat(rig.pipeline.accept(packet, null, rig.nowNanos)).isTrue();
      }
      assertThat(rig.dropped)
          .containsOnly(
              Map.entry(DropReason.BEFORE_KEYFRAME, videos),
              Map.entry(DropReason.SOUND_UNDECODABLE, audios));
    }
    assertThat(videos).isPositive();
    assertThat(audios).isPositive();
  }
}
