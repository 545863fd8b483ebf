package babelmux.worker.session;

import babelmux.meter.Meter;
import babelmux.meter.Recording;
import babelmux.worker.sound.SoundOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A film that went through the pipeline on virtual time, each of its segments echoed, and what was
 * said on the way.
 */
final class DubbedFilm implements SessionListener {
  private static final Path FIXTURES = Path.of("..", "fixtures");

  final EchoLink link = EchoLink.echoing();
  final DubRecord dub = new DubRecord();
  final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  final Path output;

  private DubbedFilm(Path output) {
    this.output = output;
  }

  static Path counting() {
    return FIXTURES.resolve("30s-counting-english.mp4");
  }

  static Path noBframes() {
    return FIXTURES.resolve("30s-44100-no-bframes.mp4");
  }

  static DubbedFilm of(Path input, Path output) throws Exception {
    return of(input, output, false);
  }

  static DubbedFilm of(Path input, Path output, boolean quietCut) throws Exception {
    DubbedFilm film = new DubbedFilm(output);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      new OfflineDub(
              input.toString(),
              output.toString(),
              new OfflineDub.Settings(
                  Duration.ofSeconds(6),
                  Duration.ofSeconds(8),
                  3,
                  128_000,
                  SoundOptions.DEFAULT,
                  quietCut),
              pool,
              shape -> film.link,
              film,
              film.dub,
              us -> {})
          .run();
    } finally {
      pool.shutdownNow();
    }
    return film;
  }

  Recording recording() throws IOException {
    return Meter.read(output);
  }

  long dropped(DropReason reason) {
    return dropped.getOrDefault(reason, 0L);
  }

  @Override
  public synchronized void dropped(DropReason reason, long packets) {
    dropped.merge(reason, packets, Long::sum);
  }
}
