package babelmux.worker.sts.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract with a server on the official Socket.IO package; not run where Node is missing. */
@Tag("slow")
class NodeContractTest extends TroubledContract {
  private static @Nullable NodeProgram program;

  @BeforeAll
  static void start() throws Exception {
    program = NodeProgram.start(Path.of("src", "test", "node"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (program != null) {
      program.close();
    }
  }

  @Override
  URI service() {
    if (program == null) {
      throw new IllegalStateException("the Node server does not run");
    }
    return program.url();
  }

  @Test
  void exactlyOneAckForEachAnswerSaysWhetherItWasUsed() throws Exception {
    try (Subject subject = new Subject(service(), "failed")) {
      subject.oneByOne(4);
      await().until(() -> acks(subject.streamId).size() >= 4);
      assertThat(acks(subject.streamId).stream().map(ack -> ack.split(" ")[1]))
          .containsExactly("applied", "received", "applied", "applied");
      assertThat(acks(subject.streamId)).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatIsRefusedBecauseTheQueueIsFullIsSentAgainWithTheSameNumber() {
    try (Subject subject = new Subject(service(), "queuefull")) {
      assertThat(Subject.words(subject.oneByOne(3))).containsExactly("dub", "dub", "dub");
      assertThat(subject.sent).containsExactly("0:0", "1:1", "1:1", "2:2");
      assertThat(subject.codes).containsExactly("QUEUE_FULL");
    }
  }

  @Test
  void whatIsRefusedBecauseTheStreamIsPausedIsResumedAndSentAgain() {
    try (Subject subject = new Subject(service(), "paused")) {
      assertThat(Subject.words(subject.oneByOne(3))).containsExactly("dub", "dub", "dub");
      assertThat(subject.sent).containsExactly("0:0", "1:1", "1:1", "2:2");
      assertThat(subject.codes).containsExactly("STREAM_PAUSED");
    }
  }

  private List<String> acks(String streamId) throws Exception {
    List<String> acks = new ArrayList<>();
    for (JsonNode session : Books.get(service(), "/sessions")) {
      if (session.path("stream_id").asText().equals(streamId)) {
        session.path("acks").forEach(ack -> acks.add(ack.asText()));
      }
    }
    return acks;
  }
}
