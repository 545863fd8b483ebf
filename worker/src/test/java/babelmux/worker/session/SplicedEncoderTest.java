package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AacEncoder;
import babelmux.media.AudioStreamDecoder;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Speech and beeps that a publisher's encoder has coded, sent on as its own packets here and
 * encoded again there. Whatever is done, it has to decode to what the publisher's packets decode
 * to: what differs is noise.
 */
class SplicedEncoderTest {
  private static final int FRAME = AacEncoder.FRAME_SAMPLES;
  private static final Path FILM = Path.of("../fixtures/30s-counting-english.mp4");
  private static final int FRAMES = 600;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  /** The source: its packets, and each one decoded. */
  private record Source(List<Packet> packets, List<Sound> decoded, int hz)
      implements AutoCloseable {
    static Source of(int channels, int bitRate) throws Exception {
      babelmux.meter.Sound film = babelmux.meter.Sound.read(FILM);
      float[][] pcm = new float[channels][];
      for (int c = 0; c < channels; c++) {
        pcm[c] = Arrays.copyOf(film.channel(c), FRAMES * FRAME);
      }
      return of(new Sound(pcm, film.rate()), bitRate);
    }

    static Source of(Sound sound, int bitRate) throws Exception {
      List<Packet> packets = new ArrayList<>();
      List<Sound> decoded = new ArrayList<>();
      try (AacEncoder encoder = new AacEncoder(sound.sampleRate(), sound.channelCount(), bitRate)) {
        for (int n = 0; n < FRAMES; n++) {
          int at = n * FRAME;
          encoder
              .encode(sound.slice(at, at + FRAME), at)
              .forEach(each -> packets.add(each.packet()));
        }
        encoder.finish().forEach(each -> packets.add(each.packet()));
        try (AudioStreamDecoder decoder = new AudioStreamDecoder(encoder.format())) {
          for (Packet packet : packets) {
            assertThat(decoder.decode(packet, 0, (at, each) -> decoded.add(each))).isTrue();
          }
        }
      }
      return new Source(packets, decoded, sound.sampleRate());
    }

    @Override
    public void close() {
      packets.forEach(Packet::close);
    }
  }

  /** What came out. */
  private record Result(List<Boolean> copied, float[][] decoded) {
    long copies() {
      return copied.stream().filter(each -> each).count();
    }
  }

  /**
   * @param original whether a frame is the source's own
   * @param notice the frames of notice that are given before one is not
   */
  private static Result splice(Source source, IntPredicate original, int notice, int bitRate)
      throws MediaException {
    int channels = source.decoded.get(0).channelCount();
    List<Boolean> copied = new ArrayList<>();
    List<Packet> out = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    try (SplicedEncoder encoder = encoder(source.hz, channels, bitRate)) {
      for (int n = 0; n < FRAMES; n++) {
        int from = n;
        boolean settled = IntStream.rangeClosed(from, from + notice).allMatch(original);
        Packet packet = original.test(n) ? source.packets.get(n) : null;
        collect(
            encoder.encode(source.decoded.get(n), (long) n * FRAME, packet, settled),
            out,
            starts,
            copied);
      }
      collect(encoder.finish(), out, starts, copied);
      assertThat(starts)
          .isEqualTo(IntStream.range(-1, FRAMES).mapToObj(n -> (long) n * FRAME).toList());
      return new Result(copied, decode(encoder.format(), out, channels));
    } finally {
      out.forEach(Packet::close);
    }
  }

  private static SplicedEncoder encoder(int hz, int channels, int bitRate) throws MediaException {
    return new SplicedEncoder(AudioEncoder.aac(hz, channels, bitRate));
  }

  private static void collect(
      List<SplicedEncoder.Coded> coded, List<Packet> out, List<Long> starts, List<Boolean> copied) {
    for (SplicedEncoder.Coded each : coded) {
      out.add(each.packet());
      starts.add(each.startSample());
      copied.add(each.copied());
    }
  }

  private static float[][] decode(TrackFormat format, List<Packet> packets, int channels)
      throws MediaException {
    List<Sound> frames = new ArrayList<>();
    try (AudioStreamDecoder decoder = new AudioStreamDecoder(format)) {
      for (Packet packet : packets) {
        assertThat(decoder.decode(packet, 0, (at, each) -> frames.add(each))).isTrue();
      }
    }
    // The first one is the encoder's priming.
    float[][] all = new float[channels][(frames.size() - 1) * FRAME];
    for (int n = 1; n < frames.size(); n++) {
      for (int c = 0; c < channels; c++) {
        System.arraycopy(frames.get(n).channels()[c], 0, all[c], (n - 1) * FRAME, FRAME);
      }
    }
    return all;
  }

  /** Noise of a frame, in dB of full scale. */
  private static double noiseDb(Source source, Result result, int frame) {
    double sum = 0;
    int channels = result.decoded.length;
    for (int c = 0; c < channels; c++) {
      float[] wanted = source.decoded.get(frame).channels()[c];
      for (int n = 0; n < FRAME; n++) {
        double off = result.decoded[c][frame * FRAME + n] - wanted[n];
        sum += off * off;
      }
    }
    return 10 * Math.log10(sum / channels / FRAME + 1e-20);
  }

  private static double worstDb(Source source, Result result, @Nullable Boolean atJoints) {
    double worst = Double.NEGATIVE_INFINITY;
    for (int n = 1; n < FRAMES - 1; n++) {
      // Of packet n - 1 and n, whose first sample is n - 1's behind the priming, decodes frame n.
      boolean joint = !result.copied.get(n).equals(result.copied.get(n + 1));
      if (atJoints == null || atJoints == joint) {
        worst = Math.max(worst, noiseDb(source, result, n));
      }
    }
    return worst;
  }

  @ParameterizedTest
  @CsvSource({"1, 96000", "2, 128000", "2, 320000"})
  void whereNothingIsChangedAllButTheFirstFramesAreTheSources(int channels, int bitRate)
      throws Exception {
    try (Source source = Source.of(channels, bitRate)) {
      Result result = splice(source, frame -> true, 12, 128_000);
      assertThat(result.copies()).isGreaterThan(FRAMES - 8);
      double[] noise =
          IntStream.range(10, FRAMES).mapToDouble(n -> noiseDb(source, result, n)).toArray();
      // A coder may write that there is noise, and each decoder makes its own.
      assertThat(Arrays.stream(noise).max().orElseThrow()).isLessThan(-50);
      assertThat(Arrays.stream(noise).filter(db -> db < -180).count())
          .isGreaterThan(FRAMES * 3 / 4);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 12", "2, 12", "2, 0", "1, 0"})
  void aJointIsNoNoisierThanWhatTheEncoderDoesAnyway(int channels, int notice) throws Exception {
    IntPredicate original = frame -> frame % 37 < 25;
    try (Source source = Source.of(channels, 128_000)) {
      Result encoded = splice(source, frame -> false, 0, 128_000);
      Result spliced = splice(source, original, notice, 128_000);
      assertThat(encoded.copies()).isZero();
      assertThat(spliced.copies()).isGreaterThan(FRAMES / 5);
      double own = worstDb(source, encoded, null);
      assertThat(worstDb(source, spliced, null)).isLessThan(own + 0.5);
      assertThat(worstDb(source, spliced, true)).isLessThan(own);
    }
  }

  /** Clicks in a hum: coders change their windows all the time, and not all at the same one. */
  private static Sound clicks() {
    Random random = new Random(5);
    float[] pcm = new float[FRAMES * FRAME];
    for (int n = 0; n < pcm.length; n++) {
      pcm[n] = (float) (0.3 * Math.sin(n * 0.021));
    }
    for (int at = 0; at + 400 < pcm.length; at += 900 + random.nextInt(2500)) {
      float loud = 0.05f + 0.4f * random.nextFloat();
      for (int n = 0; n < 400; n++) {
        pcm[at + n] += loud * (random.nextFloat() - 0.5f) * (float) Math.exp(-n / 60.0);
      }
    }
    return new Sound(new float[][] {pcm}, 48_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 12})
  void framesOfDifferentWindowsAreNotJoined(int notice) throws Exception {
    try (Source source = Source.of(clicks(), 48_000)) {
      Result encoded = splice(source, frame -> false, 0, 128_000);
      Result spliced = splice(source, frame -> frame % 37 < 25, notice, 128_000);
      assertThat(spliced.copies()).isGreaterThan(FRAMES / 5);
      assertThat(worstDb(source, spliced, true)).isLessThan(worstDb(source, encoded, null));
    }
  }

  /** Every frame leaves once, nothing is left behind, and no joint is noisier than the encoder. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void originalAndOtherFramesMayFollowEachOtherInAnyWay(long seed) throws Exception {
    Random random = new Random(seed);
    boolean[] original = new boolean[FRAMES + 20];
    boolean now = true;
    for (int n = 0; n < original.length; n++) {
      now ^= random.nextInt(8) == 0;
      original[n] = now;
    }
    try (Source source = Source.of(1, 128_000)) {
      Result encoded = splice(source, frame -> false, 0, 128_000);
      Result spliced = splice(source, frame -> original[frame], (int) seed % 3, 128_000);
      assertThat(spliced.copies()).isPositive();
      assertThat(worstDb(source, spliced, true)).isLessThan(worstDb(source, encoded, null));
    }
  }

  @Test
  void aFrameBesideAChangedOneIsEncodedToo() throws Exception {
    try (Source source = Source.of(1, 96_000)) {
      Result result = splice(source, frame -> frame != 300, 0, 128_000);
      // Packet n covers frames n and n + 1; the first one is the priming.
      assertThat(result.copied.get(1 + 299)).isFalse();
      assertThat(result.copied.get(1 + 300)).isFalse();
      assertThat(result.copied.get(1 + 297)).isTrue();
      assertThat(result.copied.subList(1 + 310, 1 + 400)).containsOnly(true);
    }
  }
}
