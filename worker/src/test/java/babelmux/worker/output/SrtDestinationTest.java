package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A destination of SRT, and FFmpeg's own listener as the server. */
@Tag("slow")
@Timeout(60)
class SrtDestinationTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static int freePort() throws Exception {
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  /** The times of the video that a listener gets, to the end of the connection. */
  private static CompletableFuture<Void> listen(int port, List<Long> videoUs) {
    return CompletableFuture.runAsync(
        () -> {
          String url = "srt://127.0.0.1:" + port + "?mode=listener";
          SourceOptions options = new SourceOptions(LIMIT, LIMIT);
          try (Source source = Source.open(url, options)) {
            for (Packet next = source.read(); next != null; next = source.read()) {
              try (Packet packet = next) {
                if (packet.kind() == TrackKind.VIDEO) {
                  videoUs.add(packet.ptsUs());
                }
              }
            }
          } catch (MediaException e) {
            // The caller has left: what was read counts.
          }
        });
  }

  @Test
  void aListenerGetsTheVideoWithoutAHole() throws Exception {
    int port = freePort();
    List<Long> got = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> listener = listen(port, got);
    try (Film film = new Film()) {
      List<OutputPacket> packets = film.packets().subList(0, 600);
      DestinationTarget target =
          DestinationTarget.at("srt://127.0.0.1:" + port + "?streamid=publish:x");
      DestinationOptions options = DestinationOptions.ofFurther(target);
      try (Destination destination =
          new Destination("test", 0, target, options, new DestinationListener() {})) {
        destination.begin(film.formats());
        long bytes = 0;
        // The queue holds 2 s.
        for (int number = 0; number < packets.size(); number++) {
          destination.write(packets.get(number));
          destination.flush();
          bytes += packets.get(number).packet().size();
          long written = bytes;
          if (number % 60 == 59) {
            await().atMost(LIMIT).until(() -> destination.status().bytes() == written);
          }
        }
        // Behind the last one, the latency of SRT.
        await().atMost(LIMIT).until(() -> got.size() > packets.size() / 4);
        destination.beginFinish();
        assertThat(destination.awaitFinish(LIMIT)).isTrue();
        assertThat(destination.status().lastError()).isNull();
      }
      listener.join();
      List<Long> times = got.stream().sorted().toList();
      // What was sent ends in decoding order.
      for (int i = 1; i < times.size() - 3; i++) {
        assertThat(times.get(i) - times.get(i - 1)).as("picture %d", i).isBetween(1L, 50_000L);
      }
    }
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
  }
}
