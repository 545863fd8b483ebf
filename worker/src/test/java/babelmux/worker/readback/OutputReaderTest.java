package babelmux.worker.readback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.media.TrackKind;
import babelmux.origin.Credentials;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.testmedia.ClipMaker;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs that are read back from a real server. */
@Tag("slow")
@Timeout(60)
class OutputReaderTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Path FILM = Path.of("../fixtures/30s-44100-no-bframes.mp4");
  private static final OutputReader.Limits PATIENT =
      new OutputReader.Limits(LIMIT, Duration.ofSeconds(1), LIMIT, Duration.ZERO);
  private static final OutputReader.Limits BRIEF =
      new OutputReader.Limits(
          Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ZERO);

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
  }

  private static MediaServer start(String server, OriginConfig config) throws Exception {
    if (server.equals("mediamtx")) {
      Assumptions.assumeTrue(MediaMtxProcess.find(System.getenv()).isPresent(), "no MediaMTX");
    }
    return MediaServer.start(server.equals("mediamtx") ? "auto" : "none", config);
  }

  private static MediaTask publish(MediaServer server, Path film) throws Exception {
    return publish(server, film, server.rtmpUrl().toString());
  }

  /**
   * @param by the server's URL, or that of a proxy before it
   */
  private static MediaTask publish(MediaServer server, Path film, String by) throws Exception {
    MediaTask publisher = StreamPublisher.publish(film, by + "/live/x/out", 3);
    awaitPublished(server);
    return publisher;
  }

  private static void awaitPublished(MediaServer server) {
    HttpRequest get =
        HttpRequest.newBuilder(URI.create(server.apiUrl() + "/v3/paths/get/live/x/out")).build();
    HttpClient client = HttpClient.newHttpClient();
    await()
        .atMost(LIMIT)
        .until(() -> client.send(get, BodyHandlers.ofString()).statusCode() == 200);
  }

  private static String url(MediaServer server) {
    return server.rtmpUrl() + "/live/x/out";
  }

  /** Both tracks were sent long ago. */
  private static SentSince sent() {
    SentSince sent = new SentSince();
    for (TrackKind kind : TrackKind.values()) {
      sent.sent(kind, true, 0, System.nanoTime());
      sent.sent(kind, false, 1_000_000, System.nanoTime());
    }
    return sent;
  }

  /** The result of a reading; null when it says nothing. */
  private static @Nullable OutputCheck check(
      String url, OutputReader.Limits limits, Supplier<SentSince> sent) {
    Reading reading = new OutputReader(url, limits).read(sent, true, true);
    return reading == null ? null : reading.check();
  }

  @ParameterizedTest
  @CsvSource({"OURS, UNKNOWN, true", "REFUSED, UNKNOWN, false", "IO, UNREACHABLE, false"})
  void ourOwnTroubleSaysNothingOfTheOutput(
      MediaException.Kind kind, OutputCheck expected, boolean ours) {
    assertThat(OutputReader.failed(new MediaException(kind, "cannot open x: y")))
        .isEqualTo(new Reading(expected, "cannot open x: y", ours));
  }

  @Test
  void aNameThatCannotBeResolvedSaysNothingOfTheOutput() {
    assertThat(check("rtmp://name.invalid/live/x/out", PATIENT, SentSince::new))
        .isEqualTo(OutputCheck.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "mediamtx"})
  void whatIsPublishedIsSeen(String name) throws Exception {
    try (MediaServer server = start(name, OriginConfig.defaults());
        MediaTask publisher = publish(server, FILM)) {
      assertThat(check(url(server), PATIENT, OutputReaderTest::sent)).isEqualTo(OutputCheck.OK);
      assertThat(publisher.said()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "mediamtx"})
  void aServerThatRefusesReadersSaysNothingOfTheOutput(String name) throws Exception {
    OriginConfig config =
        OriginConfig.builder().readCredentials(new Credentials("viewer", "secret")).build();
    try (MediaServer server = start(name, config);
        MediaTask publisher = publish(server, FILM)) {
      assertThat(check(url(server), PATIENT, SentSince::new)).isEqualTo(OutputCheck.UNKNOWN);
      String withPassword = url(server) + "?user=viewer&pass=secret";
      assertThat(check(withPassword, PATIENT, OutputReaderTest::sent)).isEqualTo(OutputCheck.OK);
      assertThat(publisher.said()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "mediamtx"})
  void aPathThatNobodyPublishesCannotBeOpened(String name) throws Exception {
    try (MediaServer server = start(name, OriginConfig.defaults())) {
      Reading reading = new OutputReader(url(server), PATIENT).read(SentSince::new, true, true);
      assertThat(reading).isNotNull();
      assertThat(reading.check()).isEqualTo(OutputCheck.UNREACHABLE);
      assertThat(reading.text())
          .contains("cannot be opened by a viewer (cannot open", "/live/x/out");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "mediamtx"})
  void aPauseOfThePublisherSaysNothing(String name) throws Exception {
    try (MediaServer server = start(name, OriginConfig.defaults());
        FaultProxy proxy = FaultProxy.to(server.rtmpUrl());
        MediaTask publisher = publish(server, FILM, proxy.url().toString())) {
      proxy.stall(Direction.TO_SERVER, true);
      assertThat(check(url(server), BRIEF, SentSince::new)).isNull();
      proxy.clear();
      assertThat(check(url(server), PATIENT, OutputReaderTest::sent)).isEqualTo(OutputCheck.OK);
      assertThat(publisher.said()).isEmpty();
    }
  }

  /** Audio alone, of which no packet can be decoded: {@code Source} hands out none. */
  private Path undecodable() throws Exception {
    Path film = folder.resolve("film.flv");
    ClipMaker.make("-i", FILM.toString(), "-vn", "-c", "copy", film.toString());
    ByteBuffer tags = ByteBuffer.wrap(Files.readAllBytes(film));
    int at = 13;
    while (at < tags.limit()) {
      int size = tags.getInt(at) & 0xffffff;
      boolean audio = tags.get(at) == 8 && tags.get(at + 12) == 1;
      for (int n = at + 13; audio && n < at + 11 + size; n++) {
        tags.put(n, (byte) 0xff);
      }
      at += 11 + size + 4;
    }
    return Files.write(film, tags.array());
  }

  @Test
  void whatCannotBeUsedDoesNotHoldItUp() throws Exception {
    Path film = undecodable();
    try (MediaServer server = start("embedded", OriginConfig.defaults());
        MediaTask publisher = StreamPublisher.publishUnrepaired(film, url(server), 3)) {
      awaitPublished(server);
      CompletableFuture<Optional<Reading>> reading =
          CompletableFuture.supplyAsync(
              () ->
                  Optional.ofNullable(
                      new OutputReader(url(server), BRIEF).read(SentSince::new, true, true)));
      assertThat(reading.get(20, TimeUnit.SECONDS)).isEmpty();
      assertThat(publisher.isRunning()).isTrue();
      assertThat(publisher.said()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v", "a"})
  void theTrackThatIsMissingIsNamed(String missing) throws Exception {
    Path film = folder.resolve("film.flv");
    ClipMaker.make("-i", FILM.toString(), "-c", "copy", "-" + missing + "n", film.toString());
    try (MediaServer server = start("embedded", OriginConfig.defaults());
        MediaTask publisher = publish(server, film)) {
      OutputCheck expected = missing.equals("v") ? OutputCheck.NO_VIDEO : OutputCheck.NO_AUDIO;
      assertThat(check(url(server), BRIEF, OutputReaderTest::sent)).isEqualTo(expected);
      assertThat(check(url(server), BRIEF, SentSince::new))
          .as("what was not sent is not missed")
          .isEqualTo(OutputCheck.OK);
      assertThat(publisher.said()).isEmpty();
    }
  }

  @Test
  void aServerThatHandsOutNothingIsNamed() throws Exception {
    try (MediaServer server = start("embedded", OriginConfig.defaults());
        FaultProxy proxy = FaultProxy.to(server.rtmpUrl());
        MediaTask publisher = publish(server, FILM)) {
      String url = proxy.url() + "/live/x/out";
      proxy.stall(Direction.TO_CLIENT, true);
      assertThat(check(url, BRIEF, SentSince::new)).isEqualTo(OutputCheck.UNREACHABLE);
      proxy.clear();
      Supplier<SentSince> stalling =
          () -> {
            proxy.stall(Direction.TO_CLIENT, true);
            return sent();
          };
      assertThat(check(url, BRIEF, stalling))
          .isIn(OutputCheck.NOTHING, OutputCheck.NO_VIDEO, OutputCheck.FROZEN);
      assertThat(publisher.said()).isEmpty();
    }
  }

  @Test
  void anInterruptEndsItAtOnce() throws Exception {
    try (MediaServer server = start("embedded", OriginConfig.defaults());
        FaultProxy proxy = FaultProxy.to(server.rtmpUrl())) {
      proxy.stall(Direction.TO_CLIENT, true);
      OutputReader reader = new OutputReader(proxy.url() + "/live/x/out", PATIENT);
      CompletableFuture<Boolean> ended =
          CompletableFuture.supplyAsync(() -> reader.read(SentSince::new, true, true) == null);
      await().atMost(LIMIT).until(() -> proxy.connections() == 1);
      long since = System.nanoTime();
      reader.interrupt();
      assertThat(ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(5));
      OutputReader late = new OutputReader(proxy.url() + "/live/x/out", PATIENT);
      late.interrupt();
      assertThat(late.read(SentSince::new, true, true)).isNull();
    }
  }
}
