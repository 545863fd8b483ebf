package babelmux.worker.sts.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsReach;
import babelmux.worker.sts.wire.RawStsServer.Peer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may wait to be read is counted for each connection alone. */
@Timeout(60)
class InboundBudgetTest {
  private static final int MAX_MESSAGE_BYTES = 1 << 16;

  // Three of them fit into three times the longest message, four do not.
  private static final String PAYLOAD = "\"" + "x".repeat(60_000) + "\"";

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  /** Keeps its events unread until it is told. */
  private static final class Slow implements StsConnection.Listener {
    final List<Runnable> unread = new CopyOnWriteArrayList<>();
    final List<ProtocolViolation> violations = new CopyOnWriteArrayList<>();
    volatile boolean connected;

    @Override
    public void connected(OptionalLong maxPayload) {
      connected = true;
    }

    @Override
    public void connectFailed(StsReach.Failed failure) {}

    @Override
    public void disconnected(String reason) {}

    @Override
    public void event(String json, Runnable read) {
      unread.add(read);
    }

    @Override
    public void violation(ProtocolViolation kind, String detail) {
      violations.add(kind);
    }
  }

  private StsConnection connect(RawStsServer server, Slow listener) {
    StsConfig config = StsConfig.builder(server.url()).maxMessageBytes(MAX_MESSAGE_BYTES).build();
    StsConnection connection =
        new StsConnection("demo", config, new OkHttpClient(), timers, listener);
    await().until(() -> listener.connected);
    return connection;
  }

  private static void threeEvents(Peer peer, Slow listener) {
    for (int i = 0; i < 3; i++) {
      peer.event("stream:note", PAYLOAD);
    }
    await().until(() -> listener.unread.size() == 3);
    assertThat(listener.violations).isEmpty();
  }

  @Test
  void eventsOfAnOldConnectionThatAreReadLateGiveTheNewOneNoRoom() throws Exception {
    try (RawStsServer server = new RawStsServer(RawStsServer.greeting((peer, text) -> {}))) {
      Slow first = new Slow();
      StsConnection old = connect(server, first);
      threeEvents(server.peers.get(0), first);
      old.close();

      Slow second = new Slow();
      StsConnection current = connect(server, second);
      Peer peer = server.peers.get(1);
      threeEvents(peer, second);
      first.unread.forEach(Runnable::run);
      peer.event("stream:note", PAYLOAD);
      await().until(() -> !second.violations.isEmpty());
      assertThat(second.violations).containsExactly(ProtocolViolation.FLOOD);

      second.unread.get(0).run();
      peer.event("stream:note", PAYLOAD);
      await().until(() -> second.unread.size() == 4);
      assertThat(second.violations).hasSize(1);
      current.close();
    }
  }
}
