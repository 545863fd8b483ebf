package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.Direction;
import babelmux.hooks.SourceEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FinishedStreamsTest {

  private static StreamStatus status(String id) {
    SourceEvent source = new SourceEvent("live/x/in", id, Direction.IN, "rtmpConn", "1", "", "");
    return new FakeStream(source, new CompletableFuture<>(), () -> {}).status();
  }

  private static StreamDebug explained(StreamStatus status) {
    StreamDebug.Event event = new StreamDebug.Event(Instant.EPOCH, "state", null, null, "ENDED");
    StreamDebug plain = StreamDebug.of(status);
    return new StreamDebug(
        plain.status(), plain.link(), plain.clocks(), plain.queues(), List.of(event));
  }

  @Test
  void onlyTheLastFiftyKeepTheirEvents() {
    FinishedStreams finished = new FinishedStreams(Duration.ofMinutes(1));
    for (int i = 0; i < 60; i++) {
      StreamStatus last = status("s" + i);
      finished.add(last, explained(last));
    }
    List<Integer> explained =
        IntStream.range(0, 60)
            .filter(i -> !finished.debug("s" + i).orElseThrow().events().isEmpty())
            .boxed()
            .toList();
    assertThat(explained).hasSize(50).first().isEqualTo(10);
    assertThat(finished.get("s0")).isPresent();
    assertThat(finished.debug("nobody")).isEmpty();
  }
}
