package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.hooks.HookListener;
import babelmux.worker.api.Readiness;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.streams.StreamDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerServerTest {
  private final List<String> calls = new ArrayList<>();

  /** The real part that runs streams, and what is asked of it. */
  private final class Watched implements StreamRunner {
    private final DubbingStreams streams;

    Watched(DubbingStreams streams) {
      this.streams = streams;
    }

    @Override
    public void start() {
      calls.add("start");
      streams.start();
    }

    @Override
    public StreamDirectory directory() {
      return streams.directory();
    }

    @Override
    public HookListener hooks() {
      return streams.hooks();
    }

    @Override
    public Readiness readiness() {
      return streams.readiness();
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
      return streams.drain(limit);
    }

    @Override
    public void close() {
      calls.add("close");
      streams.close();
    }
  }

  private WorkerServer serve(int port) throws IOException, InterruptedException {
    Map<String, String> settings =
        Map.of("http.port", Integer.toString(port), "mediamtx.api-url", "http://127.0.0.1:1");
    WorkerConfig config = ConfigLoader.load(settings, Map.of(), null).config();
    return new WorkerServer(
        config, (worker, metrics) -> new Watched(new DubbingStreams(worker, metrics)));
  }

  @Test
  void aWorkerWhosePortIsTakenLooksForNoStreams() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> serve(taken.getLocalPort()).begin()).isInstanceOf(IOException.class);
    }
    assertThat(calls).containsExactly("close");
  }

  @Test
  void streamsAreLookedForWhenThePortIsBound() throws Exception {
    try (WorkerServer server = serve(0)) {
      assertThat(server.port()).isPositive();
      assertThat(calls).isEmpty();
      server.begin();
      assertThat(calls).containsExactly("start");
    }
    assertThat(calls).containsExactly("start", "close");
  }
}
