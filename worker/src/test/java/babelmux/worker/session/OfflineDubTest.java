package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioClipEncoder;
import babelmux.media.AudioStreamDecoder;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.testmedia.ClipMaker;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.retry.Backoff;
import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.BreakerSettings;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class OfflineDubTest {
  private static final Path FIXTURES = Path.of("..", "fixtures");

  @TempDir Path folder;
  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final SessionListener none = new SessionListener() {};
  private final DubRecord dub = new DubRecord();

  @AfterEach
  void nothingLeaks() {
    pool.shutdownNow();
    assertThat(Natives.live()).isZero();
  }

  private record Media(
      List<byte[]> pictures, List<Long> picturePts, Sound sound, long soundStartUs) {}

  private static Media read(Path file) throws Exception {
    List<byte[]> pictures = new ArrayList<>();
    List<Long> pts = new ArrayList<>();
    List<Sound> pieces = new ArrayList<>();
    long soundStartUs = Long.MIN_VALUE;
    try (Source source = Source.open(file.toString(), SourceOptions.defaults());
        AudioStreamDecoder decoder =
            new AudioStreamDecoder(Objects.requireNonNull(source.audio()))) {
      int rate = Objects.requireNonNull(source.audio()).sampleRate();
      for (Packet next = source.read(); next != null; next = source.read()) {
        try (Packet packet = next) {
          if (packet.kind() == TrackKind.VIDEO) {
            pictures.add(packet.bytes());
            pts.add(packet.ptsUs());
          } else {
            int skip = packet.skipSamples();
            if (soundStartUs == Long.MIN_VALUE) {
              soundStartUs = packet.ptsUs() + skip * 1_000_000L / rate;
            }
            decoder.decode(packet, 0, (at, sound) -> pieces.add(sound.slice(skip, sound.frames())));
          }
        }
      }
    }
    int frames = pieces.stream().mapToInt(Sound::frames).sum();
    float[][] all = new float[pieces.get(0).channelCount()][frames];
    int at = 0;
    for (Sound piece : pieces) {
      for (int c = 0; c < all.length; c++) {
        System.arraycopy(piece.channels()[c], 0, all[c], at, piece.frames());
      }
      at += piece.frames();
    }
    return new Media(pictures, pts, new Sound(all, pieces.get(0).sampleRate()), soundStartUs);
  }

  private Media dub(Path input, EchoLink link) throws Exception {
    Path output = folder.resolve("out.mp4");
    new OfflineDub(
            input.toString(),
            output.toString(),
            new OfflineDub.Settings(
                Duration.ofSeconds(6), Duration.ofSeconds(8), 3, 128_000, SoundOptions.DEFAULT),
            pool,
            format -> link,
            none,
            dub,
            us -> {})
        .run();
    return read(output);
  }

  private void dubWith(StsEcho echo, Path input, Duration answerLimit, BreakerSettings breaker)
      throws Exception {
    OfflineDub.Settings settings =
        new OfflineDub.Settings(
            Duration.ofSeconds(6),
            answerLimit,
            3,
            128_000,
            SoundOptions.DEFAULT,
            false,
            Duration.ofSeconds(60));
    Backoff quick =
        new Backoff(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofMillis(500));
    try (StsLinks links =
        new StsLinks(StsConfig.builder(echo.url()).reconnect(quick).breaker(breaker).build())) {
      new OfflineDub(
              input.toString(),
              folder.resolve("out.mp4").toString(),
              settings,
              pool,
              shape ->
                  links.open(
                      "dub",
                      new StsSession(
                          "en",
                          "es",
                          shape.rate().hz(),
                          shape.sentChannels(),
                          settings.fragmentTimeout()),
                      StsObserver.NONE),
              none,
              dub,
              us -> {})
          .run();
    }
  }

  private static StsEcho echo(Duration delay, String faults) throws Exception {
    return StsEcho.start(
        StsEchoConfig.builder()
            .port(0)
            .autoDisconnect(Duration.ZERO)
            .processingDelay(delay)
            .faults(FaultPlan.parse(faults))
            .build());
  }

  @Test
  void anStsThatIsAsSlowAsItsLimitTimesTheWindowDubsTheWholeFilm() throws Exception {
    try (StsEcho echo = echo(Duration.ofSeconds(6), "")) {
      dubWith(
          echo,
          FIXTURES.resolve("30s-counting-english.mp4"),
          Duration.ofSeconds(5),
          BreakerSettings.DEFAULT);
    }
    assertThat(dub.fellBack).isEmpty();
    assertThat(dub.dubbed()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: [{session: 0, fragment: 1, do: disconnect, at: after_ack, how: reset}]",
        "rules: [{session: 0, fragment: 1, do: disconnect}, {stage: connect, session: 1..2, do: refuse}]",
        "rules: [{stage: init, session: 0, do: disconnect}]"
      })
  void aConnectionThatIsLostCostsNoSegmentOfAFile(String faults) throws Exception {
    try (StsEcho echo = echo(Duration.ZERO, faults)) {
      dubWith(
          echo,
          FIXTURES.resolve("30s-counting-english.mp4"),
          Duration.ofSeconds(20),
          BreakerSettings.DEFAULT);
    }
    assertThat(dub.fellBack).isEmpty();
    assertThat(dub.dubbed()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void aFileWaitsWhileTheBreakerIsOpen() throws Exception {
    String faults = "rules: [{fragment: 0..1, do: fail, code: MODEL_ERROR, retryable: true}]";
    try (StsEcho echo = echo(Duration.ZERO, faults)) {
      dubWith(
          echo,
          FIXTURES.resolve("30s-counting-english.mp4"),
          Duration.ofSeconds(20),
          new BreakerSettings(2, Duration.ofSeconds(2)));
    }
    assertThat(dub.fellBack).containsOnlyKeys(0L, 1L);
    assertThat(dub.fellBack.values()).containsOnly(FallbackReason.ERROR);
    assertThat(dub.dubbed()).containsExactlyInAnyOrder(2L, 3L, 4L);
  }

  @Test
  void aFragmentThatKillsEveryConnectionIsLeftInTheOriginal() throws Exception {
    String faults = "rules: [{fragment: 0, session: 0..2, do: disconnect, how: reset}]";
    try (StsEcho echo = echo(Duration.ZERO, faults)) {
      dubWith(
          echo,
          FIXTURES.resolve("30s-counting-english.mp4"),
          Duration.ofSeconds(20),
          BreakerSettings.DEFAULT);
    }
    assertThat(dub.dubbed().size() + dub.fellBack.size()).isEqualTo(5);
    assertThat(dub.fellBack.values()).allMatch(reason -> reason == FallbackReason.DISCONNECTED);
    assertThat(dub.dubbed()).contains(3L, 4L);
  }

  /** A minute of video, with audio in the first seven seconds only. */
  private Path soundThatEndsEarly() throws Exception {
    Path film = folder.resolve("early.ts");
    try (DirectSink out = new DirectSink(film.toString())) {
      boolean begun = false;
      for (long shift : new long[] {0, 30_000_000, 60_000_000}) {
        String name = FIXTURES.resolve("30s-44100-no-bframes.mp4").toString();
        try (Source source = Source.open(name, SourceOptions.defaults())) {
          if (!begun) {
            out.begin(new OutputFormats(source.video(), source.audio()));
            begun = true;
          }
          for (Packet next = source.read(); next != null; next = source.read()) {
            try (Packet packet = next) {
              boolean video = packet.kind() == TrackKind.VIDEO;
              if (video || (shift == 0 && packet.dtsUs() < 7_000_000)) {
                out.write(new OutputPacket(packet, packet.ptsUs() + shift, packet.dtsUs() + shift));
              }
            }
          }
        }
      }
      out.finish();
    }
    return film;
  }

  @Test
  void aFilmWhoseSoundEndsEarlyDoesNotPileUpInMemory() throws Exception {
    Path film = soundThatEndsEarly();
    AtomicLong most = new AtomicLong();
    new OfflineDub(
            film.toString(),
            folder.resolve("out.mp4").toString(),
            new OfflineDub.Settings(
                Duration.ofSeconds(6), Duration.ofSeconds(8), 3, 128_000, SoundOptions.DEFAULT),
            pool,
            format -> EchoLink.echoing(),
            none,
            dub,
            us -> most.accumulateAndGet(Natives.live(), Math::max))
        .run();
    Media out = read(folder.resolve("out.mp4"));
    assertThat(out.pictures()).hasSizeGreaterThan(2_000);
    // At most 24 s of frames are read ahead, and 7 s of audio, held twice, stand beside them.
    assertThat(most.get()).as("native objects alive").isLessThan(24 * 30 + 2 * 7 * 44 + 100);
    assertThat(dub.dubbed()).contains(0L);
  }

  private static double differenceDb(Sound a, Sound b, int from, int to) {
    double sum = 0;
    for (int n = from; n < to; n++) {
      double d = a.channels()[0][n] - b.channels()[0][n];
      sum += d * d;
    }
    return 10 * Math.log10(sum / (to - from) + 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"30s-counting-english.mp4", "30s-44100-no-bframes.mp4"})
  void anEchoedFilmIsTheSameFilm(String name) throws Exception {
    Media source = read(FIXTURES.resolve(name));
    EchoLink link = EchoLink.echoing();
    Media out = dub(FIXTURES.resolve(name), link);

    assertThat(dub.dubbed()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
    assertThat(dub.fellBack).isEmpty();
    assertThat(dub.dead).isEmpty();
    assertThat(link.sent).hasSize(5);
    assertThat(link.used).containsExactly(true, true, true, true, true);
    assertThat(out.pictures()).usingElementComparator(Arrays::compare).isEqualTo(source.pictures());
    assertThat(out.picturePts()).isEqualTo(source.picturePts());
    assertThat(out.soundStartUs()).isEqualTo(source.soundStartUs());
    assertThat(out.sound().frames())
        .isBetween(source.sound().frames() - 1024, source.sound().frames() + 1024);
    int frames = Math.min(out.sound().frames(), source.sound().frames());
    assertThat(differenceDb(source.sound(), out.sound(), 0, frames)).isLessThan(-30);
  }

  @Test
  void whatTheStsDoesNotAnswerStaysTheOriginal() throws Exception {
    EchoLink[] self = new EchoLink[1];
    self[0] =
        new EchoLink(
            fragment ->
                CompletableFuture.completedFuture(
                    fragment.segmentIndex() % 2 == 1
                        ? new StsOutcome.Fallback(FallbackReason.ERROR, "no")
                        : self[0].dub(new byte[] {1, 2, 3}, "m4a")));
    Path input = FIXTURES.resolve("30s-counting-english.mp4");
    Media source = read(input);
    Media out = dub(input, self[0]);
    assertThat(dub.dubbed()).isEmpty();
    assertThat(dub.fellBack)
        .containsOnlyKeys(0L, 1L, 2L, 3L, 4L)
        .containsEntry(0L, FallbackReason.INVALID_OUTPUT)
        .containsEntry(1L, FallbackReason.ERROR);
    int frames = Math.min(out.sound().frames(), source.sound().frames());
    assertThat(differenceDb(source.sound(), out.sound(), 0, frames)).isLessThan(-30);
  }

  /** Chords that change, with an attack on each beat, over a bass: the music of a slide show. */
  private static final String MUSIC =
      "aevalsrc=0.08*(sin(PI*t*110*(1+0.12*mod(floor(t)\\,4)))"
          + "+(0.4+0.6*exp(-6*mod(t\\,0.5)))*(sin(PI*t*440*(1+0.12*mod(floor(t)\\,4)))"
          + "+sin(PI*t*554*(1+0.12*mod(floor(t)\\,4)))+sin(PI*t*659*(1+0.12*mod(floor(t)\\,4)))))"
          + ":s=48000:d=30";

  private Path film(String name) throws Exception {
    if (name.equals("speech")) {
      return FIXTURES.resolve("30s-counting-english.mp4");
    }
    String sound = name.equals("music") ? MUSIC : "aevalsrc=0:s=48000:d=30";
    Path film = folder.resolve("film.m4a");
    ClipMaker.make("-f", "lavfi", "-i", sound, "-c:a", "aac", film.toString());
    return film;
  }

  /** An STS that always answers with the same sound. */
  private static EchoLink saying(Sound sound) throws Exception {
    byte[] m4a = AudioClipEncoder.m4a(sound, 128_000);
    EchoLink[] self = new EchoLink[1];
    self[0] = new EchoLink(fragment -> CompletableFuture.completedFuture(self[0].dub(m4a, "m4a")));
    return self[0];
  }

  private static Sound beep() {
    float[] samples = new float[6 * 48_000];
    for (int n = 0; n < 48_000; n++) {
      samples[n] = (float) (0.3 * Math.sin(2 * Math.PI * 440 * n / 48_000));
    }
    return new Sound(new float[][] {samples, samples.clone()}, 48_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"speech", "music", "silence"})
  void anStsThatIsSilentOrRepeatsItselfIsNamedWhereTheSourceSpeaks(String name) throws Exception {
    boolean speech = name.equals("speech");
    Path film = film(name);
    dub(film, saying(Sound.silence(2, 6 * 48_000, 48_000)));
    assertThat(dub.dubbed()).hasSize(5);
    assertThat(dub.dead).isEqualTo(speech ? Map.of(DeadDub.SILENT, 5) : Map.of());
    dub(film, saying(beep()));
    assertThat(dub.dubbed()).hasSize(10);
    assertThat(dub.dead)
        .isEqualTo(speech ? Map.of(DeadDub.SILENT, 5, DeadDub.REPEATED, 5) : Map.of());
    dub(film, EchoLink.echoing());
    assertThat(dub.dubbed()).hasSize(15);
    assertThat(dub.dead.values()).as("an echo says something").allMatch(dubs -> dubs == 5);
  }

  @ParameterizedTest
  @CsvSource({"PASS_THROUGH, ERROR", "RECONNECTING, DISCONNECTED"})
  void whatCannotBeSentSaysWhetherTheStsRefusesOrIsGone(LinkState state, FallbackReason reason)
      throws Exception {
    dub(FIXTURES.resolve("30s-counting-english.mp4"), EchoLink.without(state));
    assertThat(dub.fellBack).containsOnlyKeys(0L, 1L, 2L, 3L, 4L);
    assertThat(dub.fellBack.values()).containsOnly(reason);
  }
}
