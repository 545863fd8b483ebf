package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.origin.MediaServer;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The built distribution as a process, told by hooks over HTTP, ended by SIGTERM. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class ServeIT {
  @Test
  void sigtermInTheMiddleLetsEverythingReceivedLeave() throws Exception {
    try (Served served = Served.start(StsEchoConfig.builder(), Map.of(), Running.DELAY)) {
      URI worker = served.running().stack().workerUrl();
      drained(served.running(), served.serve());
      Assertions.assertThatThrownBy(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), worker.getPort()),
                      1000);
                }
              })
          .isInstanceOf(ConnectException.class);
    }
  }

  private static void drained(Running running, Program serve) throws Exception {
    MediaServer server = running.stack().server();
    String in = server.rtmpUrl() + "/live/term/in";
    String out = server.rtmpUrl() + "/live/term/out";
    try (MediaTask publisher = StreamPublisher.publish(Films.counting(), in, 3)) {
      running.awaitState("term", "LIVE", Duration.ofSeconds(30));
      Running.await(
          "the output is there",
          Duration.ofSeconds(10),
          () -> !Web.text(server.apiUrl() + "/v3/paths/get/live/term/out").isEmpty());
      CompletableFuture<Tap> input = CompletableFuture.supplyAsync(() -> Tap.of(in));
      CompletableFuture<Tap> output = CompletableFuture.supplyAsync(() -> Tap.of(out));
      assertThat(Web.text(running.url("/metrics")))
          .contains("worker_streams_started_total 1.0")
          .containsPattern("worker_native_objects [1-9]")
          .containsPattern("process_resident_memory_bytes [1-9]");
      // From the beginning of the recordings to the signal: a whole segment and some more.
      running.awaitSegments("term", 2, Duration.ofSeconds(20));
      long signalNanos = System.nanoTime();
      serve.terminate();
      Running.await(
          "it takes no new streams",
          Duration.ofSeconds(5),
          () ->
              Web.text(running.url("/health/ready")).isEmpty()
                  && !Web.text(running.url("/health")).isEmpty());
      // It refuses new streams first.
      running.awaitState("term", "DRAINING", Duration.ofSeconds(5));
      int code = serve.awaitEnd();
      double seconds = (System.nanoTime() - signalNanos) / 1e9;
      Report.measured("SIGTERM: seconds until the end of the process", seconds);
      assertThat(code).as(serve.said()).isZero();
      assertThat(seconds).isBetween(7.0, 15.0);
      List<Tap.Seen> written = output.get().video();
      publisher.kill();
      List<String> left = written.stream().map(Tap.Seen::sha256).toList();
      List<Tap.Seen> received =
          input.get().video().stream()
              .filter(packet -> packet.arrivalNanos() < signalNanos - 200_000_000L)
              .toList();
      assertThat(received).hasSizeGreaterThan(60);
      if (Servers.currentIsEmbedded()) {
        assertThat(left).containsAll(received.stream().map(Tap.Seen::sha256).toList());
      }
      long gap = written.get(written.size() - 1).arrivalNanos() - signalNanos;
      assertThat(gap / 1e9).as("the last packet left at its time").isBetween(7.0, 9.0);
    }
  }
}
