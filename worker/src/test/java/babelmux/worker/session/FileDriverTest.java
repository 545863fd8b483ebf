package babelmux.worker.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file, dubbed on one thread by links whose answers come at once. */
class FileDriverTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path folder;
  private long nowNanos;
  private @Nullable FileDriver running;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private Map<String, DubRecord> dub(Duration patience, Map<String, StsLink> links)
      throws Exception {
    OfflineDub.Settings settings =
        new OfflineDub.Settings(
            Duration.ofSeconds(6),
            Duration.ofSeconds(8),
            3,
            128_000,
            SoundOptions.DEFAULT,
            false,
            patience);
    Map<String, DubRecord> records = new LinkedHashMap<>();
    Map<String, DirectSink> sinks = new LinkedHashMap<>();
    for (String name : links.keySet()) {
      records.put(name, new DubRecord());
      sinks.put(name, new DirectSink(output(name).toString()));
    }
    List<DubSpec> specs =
        links.keySet().stream()
            .map(
                name ->
                    new DubSpec(
                        name,
                        SoundOptions.DEFAULT,
                        128_000,
                        true,
                        shape -> links.get(name),
                        requireNonNull(records.get(name))))
            .toList();
    List<OutputMixer.Output> outputs =
        sinks.entrySet().stream()
            .map(sink -> new OutputMixer.Output(sink.getKey(), sink.getValue()))
            .toList();
    try (Source source = Source.open(FILM.toString(), SourceOptions.defaults());
        FileDriver driver =
            new FileDriver(
                source,
                requireNonNull(source.read()),
                true,
                settings,
                specs,
                outputs,
                Runnable::run,
                new SessionListener() {},
                () -> nowNanos)) {
      running = driver;
      driver.run(us -> {});
      for (DirectSink sink : sinks.values()) {
        sink.finish();
      }
    } finally {
      sinks.values().forEach(DirectSink::close);
    }
    return records;
  }

  private Path output(String name) {
    return folder.resolve(name + ".mp4");
  }

  @Test
  void ofThreeDubsOneThatIsNeverAnsweredCostsTheOthersNothing() throws Exception {
    Map<String, StsLink> links = new LinkedHashMap<>();
    links.put("es", EchoLink.echoing());
    links.put("fr", EchoLink.without(LinkState.RECONNECTING));
    links.put("de", EchoLink.echoing());
    Map<String, DubRecord> records = dub(Duration.ZERO, links);
    for (String name : List.of("es", "de")) {
      assertThat(requireNonNull(records.get(name)).dubbed()).containsExactly(0L, 1L, 2L, 3L, 4L);
      assertThat(requireNonNull(records.get(name)).fellBack).isEmpty();
    }
    DubRecord never = requireNonNull(records.get("fr"));
    assertThat(never.dubbed()).isEmpty();
    assertThat(never.fellBack).containsOnlyKeys(0L, 1L, 2L, 3L, 4L);
    assertThat(never.fellBack.values()).containsOnly(FallbackReason.DISCONNECTED);
    long bytes = Files.size(output("es"));
    assertThat(Files.size(output("fr"))).isBetween(bytes * 9 / 10, bytes * 11 / 10);
    assertThat(Files.mismatch(output("es"), output("de"))).isEqualTo(-1);
  }

  /** Loses its connection at the third segment, ten minutes after the start, and gets it again. */
  private final class LinkLostLate implements StsLink {
    private final EchoLink echo = EchoLink.echoing();
    private int looksUntilBack;
    private boolean wasLost;

    @Override
    public long generation() {
      return looksUntilBack > 0 ? 0 : 1;
    }

    @Override
    public boolean accepts() {
      if (looksUntilBack > 0) {
        looksUntilBack--;
        requireNonNull(running).wakeReader();
      }
      return ready();
    }

    @Override
    public CompletableFuture<StsOutcome> submit(StsFragment fragment) {
      if (fragment.segmentIndex() < 2) {
        nowNanos += PATIENCE.toNanos();
      } else if (!wasLost) {
        wasLost = true;
        // More often than there are packets in a segment: reading on would cut the next one.
        looksUntilBack = 1_000;
        return CompletableFuture.completedFuture(
            new StsOutcome.Fallback(FallbackReason.DISCONNECTED, "reset"));
      }
      return echo.submit(fragment);
    }

    @Override
    public LinkStatus status() {
      return echo.status();
    }

    @Override
    public CompletableFuture<Void> end(String reason) {
      return echo.end(reason);
    }

    @Override
    public void close() {
      echo.close();
    }
  }

  @Test
  void patienceCountsFromTheLossOfTheLinkAndNotFromTheStart() throws Exception {
    @Nullable DubRecord record = dub(PATIENCE, Map.of("es", new LinkLostLate())).get("es");
    assertThat(requireNonNull(record).fellBack).isEmpty();
    assertThat(record.dubbed()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }
}
