package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceDrop;
import babelmux.media.SourceListener;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Long gaps in the output, on the embedded origin and, where it is found, on MediaMTX. Both
 * disconnect a publisher from which nothing comes for 10 s.
 */
@Tag("slow")
class KeepAliveTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration GAP = Duration.ofSeconds(15);
  private static final Duration FIRST_LOOK = Duration.ofSeconds(8);
  private static final long GAP_US = GAP.toNanos() / 1000;

  // Session times of the fixture: it begins at 3 s.
  private static final long READER_JOINS_US = 5_000_000;
  private static final long GAP_BEGINS_US = 8_000_000;
  private static final long END_US = 12_000_000;

  // Both ways on the wire: once into FLV, once at the server.
  private static final long ROUNDING_US = 2_000;

  private final HttpClient client = HttpClient.newHttpClient();

  private List<MediaServer> servers() {
    List<MediaServer> servers = new ArrayList<>();
    servers.add(EmbeddedOrigin.start(OriginConfig.defaults()));
    if (!System.getProperty("mediamtx", "auto").equals("none")) {
      MediaMtxProcess.find(System.getenv())
          .ifPresent(found -> servers.add(MediaMtxProcess.start(found, OriginConfig.defaults())));
    }
    return servers;
  }

  @Test
  @Timeout(90)
  void videoAloneKeepsItsConnectionOverAGapAndAudioNeedsNoHelp() throws Exception {
    List<MediaServer> servers = servers();
    List<OnAir> alone = new ArrayList<>();
    try (Film film = new Film();
        OnAir both = new OnAir(servers.get(0), "both", film, film.formats())) {
      try {
        for (MediaServer server : servers) {
          OutputFormats video = new OutputFormats(film.formats().video(), null);
          alone.add(new OnAir(server, "alone", film, video));
        }
        both.begin();
        for (OnAir next : alone) {
          next.begin();
        }
        long bytesOfBoth = both.publisher().path("bytesReceived").asLong();
        List<JsonNode> before = publishers(alone);
        long sinceNanos = System.nanoTime();
        sleepUntil(sinceNanos, FIRST_LOOK);
        assertThat(both.publisher().path("bytesReceived").asLong()).isEqualTo(bytesOfBoth);
        both.end();
        sleepUntil(sinceNanos, GAP);
        List<JsonNode> after = publishers(alone);
        for (int i = 0; i < alone.size(); i++) {
          JsonNode was = before.get(i);
          assertThat(after.get(i).path("id")).as(servers.get(i).name()).isEqualTo(was.path("id"));
          assertThat(after.get(i).path("bytesReceived").asLong())
              .isGreaterThan(was.path("bytesReceived").asLong());
        }
        for (OnAir next : alone) {
          next.goOn();
        }
      } finally {
        alone.forEach(OnAir::close);
      }
    } finally {
      servers.forEach(MediaServer::close);
    }
  }

  private static void sleepUntil(long sinceNanos, Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(sinceNanos + time.toNanos() - System.nanoTime());
  }

  private static List<JsonNode> publishers(List<OnAir> all) throws Exception {
    List<JsonNode> publishers = new ArrayList<>();
    for (OnAir next : all) {
      publishers.add(next.publisher());
    }
    return publishers;
  }

  /** One destination and one reader of it. */
  private final class OnAir implements AutoCloseable {
    private final MediaServer server;
    private final String path;
    private final String url;
    private final OutputFormats formats;
    private final List<OutputPacket> packets;
    private final Destination destination;
    private final AtomicLong again = new AtomicLong();
    private final List<Long> sentUs = new ArrayList<>();
    private final List<Long> receivedUs = new CopyOnWriteArrayList<>();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private volatile String failure = "none";
    private final Thread reader = new Thread(this::read, "viewer");

    OnAir(MediaServer server, String id, Film film, OutputFormats formats) {
      this.server = server;
      this.path = "live/" + id + "/out";
      this.url = server.rtmpUrl() + "/" + path;
      this.formats = formats;
      this.packets =
          film.packets().stream()
              .filter(next -> formats.audio() != null || isVideo(next))
              .filter(next -> next.dtsUs() < END_US)
              .toList();
      this.destination =
          new Destination(
              id,
              0,
              url,
              DestinationOptions.defaults(),
              new DestinationListener() {
                @Override
                public void connectedAgain() {
                  again.incrementAndGet();
                }
              });
    }

    private static boolean isVideo(OutputPacket packet) {
      return packet.packet().kind() == TrackKind.VIDEO;
    }

    /** Everything before the gap, and a reader of it. */
    void begin() throws Exception {
      destination.begin(formats);
      write(0, READER_JOINS_US, 0);
      await().atMost(LIMIT).until(() -> connection("publish").isPresent());
      reader.start();
      await().atMost(LIMIT).until(() -> connection("read").isPresent());
      write(READER_JOINS_US, GAP_BEGINS_US, 0);
      await().atMost(LIMIT).until(() -> !receivedUs.isEmpty());
    }

    /** Everything after the gap, at its place. */
    void goOn() throws Exception {
      write(GAP_BEGINS_US, END_US, GAP_US);
      destination.beginFinish();
      assertThat(destination.awaitFinish(LIMIT)).isTrue();
      reader.join(LIMIT.toMillis());
      assertThat(troubles).isEmpty();
      assertThat(failure).matches("none|.*Input/output error");
      // From the keyframe on at which the reader joined.
      List<Long> expected = sentUs.subList(sentUs.size() - receivedUs.size(), sentUs.size());
      assertThat(expected).hasSizeGreaterThan(120).anyMatch(time -> time < GAP_BEGINS_US);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(receivedUs.get(i)).isCloseTo(expected.get(i), within(ROUNDING_US));
      }
      assertThat(again).hasValue(0);
      DestinationStatus status = destination.status();
      assertThat(status.reconnects()).isZero();
      assertThat(status.dropped()).isZero();
      assertThat(status.lastError()).isNull();
    }

    private void write(long fromUs, long untilUs, long laterUs) {
      for (OutputPacket next : packets) {
        if (next.dtsUs() >= fromUs && next.dtsUs() < untilUs) {
          sentUs.add(next.ptsUs() + laterUs);
          try (OutputPacket later =
              new OutputPacket(
                  next.packet().share(), next.ptsUs() + laterUs, next.dtsUs() + laterUs)) {
            destination.write(later);
            destination.flush();
          }
        }
      }
    }

    private void read() {
      SourceListener listener =
          new SourceListener() {
            @Override
            public void dropped(SourceDrop reason) {
              troubles.add("dropped: " + reason);
            }

            @Override
            public void ignored(String track, String reason) {
              troubles.add(track + ": " + reason);
            }
          };
      SourceOptions patient = new SourceOptions(Duration.ofSeconds(10), Duration.ofSeconds(30));
      try (Source source = new Source.Opening(patient, listener).open(url)) {
        for (Packet next = source.read(); next != null; next = source.read()) {
          receivedUs.add(next.ptsUs());
          next.close();
        }
      } catch (MediaException e) {
        // FFmpeg says this at the end of a connection, too; what came until then is looked at.
        failure = String.valueOf(e.getMessage());
      }
    }

    JsonNode publisher() throws Exception {
      return connection("publish")
          .orElseThrow(() -> new AssertionError(server.name() + ": no publisher on " + path));
    }

    private Optional<JsonNode> connection(String state) throws IOException, InterruptedException {
      URI list = URI.create(server.apiUrl() + "/v3/rtmpconns/list");
      String body =
          client
              .send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      for (JsonNode next : JSON.readTree(body).path("items")) {
        if (next.path("path").asText().equals(path) && next.path("state").asText().equals(state)) {
          return Optional.of(next);
        }
      }
      return Optional.empty();
    }

    @Override
    public void close() {
      end();
    }

    void end() {
      destination.close();
      try {
        reader.join(LIMIT.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
