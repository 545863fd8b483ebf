package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Originals;
import babelmux.meter.Recording;
import babelmux.origin.FreePort;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamRecorder;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Streams that are read over RTSP and SRT, side by side on one MediaMTX: the same picture as over
 * RTMP, with B-frames over SRT.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PullIT {
  private static final int SECONDS = 14;

  /** What is before that, a viewer that joins may miss. */
  private static final int JOINED = 4;

  private static final long FRAME_US = 1024L * 1_000_000 / 48_000;

  /** 3.7 ms were seen over RTSP, whose times FFmpeg corrects by the server's reports. */
  private static final long MOVED_US = 10_000;

  /** MediaMTX ends the connection before it has sent all that it has. */
  private static final int AT_THE_END = 10;

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Map<String, Running> systems = new HashMap<>();
  private final Map<String, Future<Seen>> streams = new HashMap<>();
  private final Map<String, Path> films = new HashMap<>();
  private Path folder;
  private MediaMtxProcess server;
  private StsEcho sts;

  private record Seen(OnAir onAir, Recording recording) {}

  @BeforeAll
  void publishAll() throws Exception {
    Path program = Path.of(Servers.realOrSkip());
    folder = Films.folder(PullIT.class);
    films.put("srt", Films.cut(Films.counting(), folder.resolve("film-srt.mp4"), SECONDS));
    films.put("rtsp", Films.cut(Films.noBframes(), folder.resolve("film-rtsp.mp4"), SECONDS));
    int rtsp = FreePort.onLoopback();
    int srt = freeUdpPort();
    server =
        MediaMtxProcess.start(program, OriginConfig.builder().rtspPort(rtsp).srtPort(srt).build());
    sts = StsEcho.start(StsEchoConfig.builder().port(0).build());
    start("rtsp", "rtsp://127.0.0.1:" + rtsp + "/{path}");
    start("srt", "srt://127.0.0.1:" + srt + "?streamid=read:{path}");
  }

  private static int freeUdpPort() throws Exception {
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** A worker of its own, which finds its stream by the API: there are no hooks. */
  private void start(String id, String template) throws Exception {
    int port = FreePort.onLoopback();
    Map<String, String> settings = new HashMap<>();
    settings.put("http.port", Integer.toString(port));
    settings.put("mediamtx.rtmp-url", server.rtmpUrl().toString());
    settings.put("mediamtx.api-url", server.apiUrl().toString());
    settings.put("mediamtx.reconcile-interval", "1s");
    settings.put("input.path-pattern", "^live/(" + id + ")/in$");
    settings.put("input.url-template", template);
    settings.put("sts.url", sts.url().toString());
    settings.put("delay", Running.DELAY.toMillis() + "ms");
    settings.put("source.grace", "1s");
    LocalStack.Worker worker = LocalStackFactory.worker(settings);
    URI url = URI.create("http://127.0.0.1:" + port);
    Running running = Running.of(new LocalStack(server, sts, worker, url));
    systems.put(id, running);
    streams.put(id, pool.submit(() -> play(running, id)));
  }

  private Seen play(Running running, String id) throws Exception {
    Path recording = folder.resolve(id + ".flv");
    Future<Boolean> recorded = pool.submit(() -> record(running, id, recording));
    Path film = Objects.requireNonNull(films.get(id));
    OnAir onAir = OnAir.play(running, id, film, folder.resolve(id + "-sound.flv"), pool);
    assertThat(recorded.get()).as("the viewer's end").isTrue();
    return new Seen(onAir, Meter.read(recording));
  }

  private static boolean record(Running running, String id, Path file) throws Exception {
    running.awaitListed("live/" + id + "/out", Duration.ofSeconds(40));
    try (MediaTask viewer = StreamRecorder.record(running.stack().outputUrl(id), file)) {
      return viewer.await(Duration.ofSeconds(90));
    }
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    systems.values().forEach(Running::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtsp", "srt"})
  void theStreamIsReadWhole(String id) throws Exception {
    Seen both = Objects.requireNonNull(streams.get(id)).get();
    OnAir seen = both.onAir();
    OnAir.Picture picture = seen.picture();
    AvReport report = AvReport.of(Originals.of(seen.film()), both.recording());
    Report.measured("pull " + id + ": picture", picture);
    Report.measured("pull " + id + ": added A/V (us)", report.addedAv());
    assertThat(seen.status().path("state").asText()).isEqualTo("ENDED");
    assertThat(seen.status().at("/source/url").asText()).startsWith(id + "://127.0.0.1:");
    assertThat(seen.status().at("/destinations/0/reconnects").asInt()).isZero();
    assertThat(picture.lost()).isZero();
    assertThat(picture.after()).isLessThanOrEqualTo(AT_THE_END);
    assertThat(picture.spreadUs()).as("moved").isLessThanOrEqualTo(MOVED_US);
    // What the service gets, it can decode; a machine that has other work may be too late for it.
    assertThat(seen.status().at("/segments/dubbed").asInt()).isBetween(1, 3);
    assertThat(seen.status().at("/segments/fallback").has("error")).isFalse();
    assertThat(report.pairs().stream().map(AvReport.Pair::second))
        .containsAll(IntStream.range(JOINED, SECONDS - 1).boxed().toList());
    // Over RTSP, MediaMTX puts the tracks together by when they came (docs/mediamtx.md).
    assertThat(report.addedAv().maxUs()).isLessThan(id.equals("srt") ? FRAME_US : 5 * FRAME_US);
    // Where the end is missing, so are pictures that others are shown before.
    assertThat(report.frameFaults()).isLessThanOrEqualTo(1);
  }
}
