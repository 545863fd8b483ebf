package babelmux.worker.sts.wire;

import static babelmux.worker.sts.wire.RawStsServer.greeting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.TestCertificate;
import babelmux.worker.retry.Backoff;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsOutcome.Dub;
import babelmux.worker.sts.StsOutcome.Fallback;
import babelmux.worker.sts.StsReach;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.wire.RawStsServer.Peer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the wire, and what a hostile service can put there. */
@Tag("slow")
@Timeout(60)
class WireTest {
  private static final StsSession SESSION =
      new StsSession("en", "es", 48_000, 2, Duration.ofSeconds(4));
  private static final BiConsumer<Peer, String> ECHO = greeting(WireTest::echo);

  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final StsObserver observer =
      new StsObserver() {
        @Override
        public void violation(ProtocolViolation kind, String detail) {
          violations.add(kind.tag());
        }
      };

  private static void echo(Peer peer, String text) {
    if (text.startsWith("42[\"fragment:data\"")) {
      peer.event("fragment:processed", answer(id(text), "\"AQID\""));
    }
  }

  private static String id(String text) {
    return text.replaceFirst(".*\"fragment_id\":\"([^\"]*)\".*", "$1");
  }

  private static String answer(String id, String base64) {
    return "{\"fragment_id\":\"%s\",\"status\":\"success\",\"dubbed_audio\":{\"data_base64\":%s}}"
        .formatted(id, base64);
  }

  private static StsConfig.Builder config(RawStsServer server) {
    return StsConfig.builder(server.url())
        .reconnect(
            new Backoff(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300)));
  }

  private static StsFragment fragment(StsLink link, int bytes) {
    return new StsFragment(
        UUID.randomUUID().toString(),
        0,
        link.generation(),
        0,
        288_000,
        48_000,
        2,
        "m4a",
        new byte[bytes],
        System.nanoTime() + 4_000_000_000L);
  }

  private static StsLink ready(StsLinks links, StsObserver observer) {
    StsLink link = links.open("demo_1", SESSION, observer);
    await().until(link::ready);
    return link;
  }

  private static void dubs(StsLink link) {
    assertThat(link.submit(fragment(link, 10)).join()).isInstanceOf(Dub.class);
  }

  @Test
  void connectsByWebSocketOnlyWithItsHeadersAndNoAuthUnlessConfigured() throws Exception {
    try (RawStsServer server = new RawStsServer(ECHO);
        StsLinks links = new StsLinks(config(server).path("/ws/sts").build())) {
      dubs(ready(links, observer));
      Peer peer = server.peers.get(0);
      assertThat(server.peers).hasSize(1);
      assertThat(peer.requestLine)
          .startsWith("GET /ws/sts/?")
          .contains("EIO=4")
          .contains("transport=websocket");
      assertThat(peer.headers)
          .containsEntry("X-Stream-ID", "demo_1")
          .containsEntry("X-Worker-ID", "worker-demo_1")
          .doesNotContainKey("Sec-WebSocket-Extensions");
      assertThat(peer.received.get(0)).isEqualTo("40");
      JsonNode data = new JsonMapper().readTree(peer.events("fragment:data").get(0));
      assertThat(Base64.getDecoder().decode(data.path("audio").path("data_base64").textValue()))
          .hasSize(10);
    }
  }

  @Test
  void anotherTokenIsSentByTheNextConnectionAndTheCurrentOneGoesOn() throws Exception {
    try (RawStsServer server = new RawStsServer(ECHO);
        StsLinks links = new StsLinks(config(server).token("k3y").build())) {
      StsLink first = ready(links, observer);
      links.token("n3w");
      assertThat(links.open("second", SESSION, observer)).isNotNull();
      await().until(() -> server.peers.size() == 2);
      await().until(() -> !server.peers.get(1).received.isEmpty());
      assertThat(server.peers.get(1).received.get(0)).isEqualTo("40{\"token\":\"n3w\"}");
      assertThat(first.ready()).isTrue();
      assertThat(first.status().reconnects()).isZero();
    }
  }

  @Test
  void sendsTheTokenOnlyInTheAuthObject() throws Exception {
    try (RawStsServer server = new RawStsServer(ECHO);
        StsLinks links = new StsLinks(config(server).token("k3y").build())) {
      StsLink link = ready(links, observer);
      Peer peer = server.peers.get(0);
      assertThat(peer.received.get(0)).isEqualTo("40{\"token\":\"k3y\"}");
      assertThat(peer.requestLine + peer.headers).doesNotContain("k3y");
      assertThat(link.status().toString()).doesNotContain("k3y");
    }
  }

  @Test
  void speaksInItsNamespace() throws Exception {
    BiConsumer<Peer, String> script =
        (peer, text) -> {
          if (text.startsWith("40/sts,")) {
            peer.say("40/sts,{\"sid\":\"s\"}");
          } else if (text.startsWith("42/sts,[\"stream:init\"")) {
            peer.say("42/sts,[\"stream:ready\",{\"session_id\":\"one, [two\"}]");
          } else if (text.startsWith("42/sts,[\"fragment:data\"")) {
            peer.say("42/sts,[\"fragment:processed\",%s]".formatted(answer(id(text), "\"AQID\"")));
          }
        };
    try (RawStsServer server = new RawStsServer(script);
        StsLinks links = new StsLinks(config(server).namespace("/sts").build())) {
      StsLink link = ready(links, observer);
      dubs(link);
      assertThat(link.status().sessionId()).isEqualTo("one, [two");
    }
  }

  @Test
  void aRefusedNamespaceIsTriedAgainWithItsReasonShown() throws Exception {
    try (RawStsServer server =
            new RawStsServer((peer, text) -> peer.say("44{\"message\":\"Invalid namespace\"}"));
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link = links.open("demo", SESSION, observer);
      await().until(() -> link.status().reconnects() > 1);
      assertThat(link.status().lastError()).contains("Invalid namespace");
      assertThat(link.status().state()).isEqualTo(LinkState.RECONNECTING);
    }
  }

  @Test
  void theServersLargestMessageIsRespected() throws Exception {
    try (RawStsServer server =
            new RawStsServer(ECHO)
                .limits("\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":100000");
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link = ready(links, observer);
      Fallback tooLong = (Fallback) link.submit(fragment(link, 80_000)).join();
      assertThat(tooLong.reason()).isEqualTo(FallbackReason.ERROR);
      assertThat(tooLong.detail()).contains("FRAGMENT_TOO_LARGE").contains("100000");
      dubs(link);
      assertThat(server.peers.get(0).events("fragment:data")).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "b",
        "b!!!",
        "9",
        "4",
        "42",
        "42[",
        "42{}",
        "42[]",
        "42[7]",
        "49",
        "43[1]",
        "451-[\"a\",{\"_placeholder\":true,\"num\":0}]",
        "45-",
        "42999999999999999999[\"x\"]",
        "42/other,[\"fragment:processed\",{}]",
        "42[\"fragment:processed\",{\"fragment_id\":null}]",
        "42[\"error\",\"text\"]",
        "40x",
        "3probe",
        "6"
      })
  void garbageIsSurvived(String garbage) throws Exception {
    BiConsumer<Peer, String> script =
        greeting(
            (peer, text) -> {
              peer.say(garbage);
              peer.frame(0x82, 3, new byte[] {4, 2, 0});
              echo(peer, text);
            });
    try (RawStsServer server = new RawStsServer(script);
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link = ready(links, observer);
      dubs(link);
      assertThat(link.generation()).as("on the same connection").isEqualTo(1);
    }
  }

  @Test
  void badSoundFallsBackAndTheNextIsDubbed() throws Exception {
    List<String> sounds = List.of("\"***\"", "null", "\"\"", "\"AQID\"");
    BiConsumer<Peer, String> script =
        greeting(
            (peer, text) -> {
              if (text.startsWith("42[\"fragment:data\"")) {
                int number = peer.events("fragment:data").size() - 1;
                peer.event("fragment:processed", answer(id(text), sounds.get(number)));
              }
            });
    try (RawStsServer server = new RawStsServer(script);
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link = ready(links, observer);
      for (int i = 0; i < 3; i++) {
        Fallback fallback = (Fallback) link.submit(fragment(link, 10)).join();
        assertThat(fallback.reason()).isEqualTo(FallbackReason.INVALID_OUTPUT);
      }
      dubs(link);
      Peer peer = server.peers.get(0);
      await().until(() -> peer.events("fragment:ack").size() == 3);
    }
  }

  @Test
  void anAnswerThatNeverEndsIsCutOffBeforeItFillsTheMemory() throws Exception {
    BiConsumer<Peer, String> script =
        greeting(
            (peer, text) -> {
              if (text.startsWith("42[\"fragment:data\"")) {
                peer.frame(0x81, 50L << 20, new byte[3 << 20]);
              }
            });
    try (RawStsServer server = new RawStsServer(script);
        StsLinks links = new StsLinks(config(server).maxMessageBytes(1 << 20).build())) {
      StsLink link = ready(links, observer);
      Fallback fallback = (Fallback) link.submit(fragment(link, 10)).join();
      assertThat(fallback.reason()).isEqualTo(FallbackReason.DISCONNECTED);
      assertThat(violations).contains("oversize_message");
      await().until(() -> link.generation() == 2);
    }
  }

  @Test
  void aConnectionResetInTheMiddleOfAnAnswerFallsBackAndReconnects() throws Exception {
    BiConsumer<Peer, String> script =
        greeting(
            (peer, text) -> {
              if (text.startsWith("42[\"fragment:data\"")) {
                peer.frame(0x81, 1_000, new byte[10]);
                peer.reset();
              }
            });
    try (RawStsServer server = new RawStsServer(script);
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link = ready(links, observer);
      Fallback fallback = (Fallback) link.submit(fragment(link, 10)).join();
      assertThat(fallback.reason()).isEqualTo(FallbackReason.DISCONNECTED);
      await().until(() -> link.generation() == 2);
      assertThat(server.peers).hasSize(2);
      assertThat(server.peers.get(1).events("fragment:data")).as("nothing stale").isEmpty();
    }
  }

  @Test
  void aServerThatHangsUpPolitelyIsReconnectedTo() throws Exception {
    try (RawStsServer server = new RawStsServer(ECHO);
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link = ready(links, observer);
      server.peers.get(0).say("41");
      await().until(() -> link.generation() == 2);
      dubs(link);
    }
  }

  @Test
  void aServerThatStopsPingingIsLeft() throws Exception {
    try (RawStsServer server =
            new RawStsServer(ECHO).limits("\"pingInterval\":200,\"pingTimeout\":300");
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link = ready(links, observer);
      await().until(() -> link.generation() >= 2);
    }
  }

  @Test
  void aServerThatTricklesItsAnswerOneByteAtATimeTimesOutOnly() throws Exception {
    BiConsumer<Peer, String> script =
        greeting(
            (peer, text) -> {
              if (text.startsWith("42[\"fragment:data\"")) {
                peer.frame(0x81, 1_000, new byte[1]);
              }
            });
    try (RawStsServer server = new RawStsServer(script);
        StsLinks links = new StsLinks(config(server).build())) {
      StsLink link =
          links.open(
              "demo", new StsSession("en", "es", 48_000, 2, Duration.ofMillis(300)), observer);
      await().until(link::ready);
      Fallback fallback = (Fallback) link.submit(fragment(link, 10)).join();
      assertThat(fallback.reason()).isEqualTo(FallbackReason.TIMEOUT);
      assertThat(link.status().inFlight()).isZero();
    }
  }

  @Test
  void aHundredLinksConnectAtOnceAndCostNoMoreThreadsThanTheLibrariesDo() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (RawStsServer server = new RawStsServer(ECHO);
        StsLinks links = new StsLinks(config(server).build())) {
      List<StsLink> open = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 100; i++) {
        open.add(links.open("demo-" + i, SESSION, observer));
      }
      await().atMost(20, TimeUnit.SECONDS).until(() -> open.stream().allMatch(StsLink::ready));
      List<CompletableFuture<StsOutcome>> results =
          open.stream().map(link -> link.submit(fragment(link, 1_000))).toList();
      assertThat(results).allMatch(result -> result.join() instanceof Dub);
      long ours =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("sts-"))
              .count();
      assertThat(ours).isLessThanOrEqualTo(3);
      long all =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> !before.contains(thread))
              .filter(thread -> !thread.getName().startsWith("raw-sts"))
              .count();
      // Those that are shared come and go with the load.
      assertThat(all).as("2 for each link, and some that all share").isBetween(100L, 230L);
    }
  }

  @Test
  void aCertificateIsCheckedAndAnOwnAuthorityIsTrusted(@TempDir Path dir) throws Exception {
    TestCertificate own = TestCertificate.make(dir, "sts", "EC", 2);
    SSLContext context = own.context();
    Path pem = Files.writeString(dir.resolve("ca.pem"), own.cert());
    try (RawStsServer server = new RawStsServer(context.getServerSocketFactory(), "wss", ECHO)) {
      try (StsLinks strangers = new StsLinks(config(server).build())) {
        StsLink link = strangers.open("demo", SESSION, observer);
        await().until(() -> link.status().reconnects() > 0);
        assertThat(link.status().lastError()).contains("SSLHandshakeException");
        assertThat(strangers.reach("demo").get(10, TimeUnit.SECONDS))
            .isInstanceOfSatisfying(
                StsReach.Failed.class,
                failed -> assertThat(failed.kind()).isEqualTo(StsReach.Kind.CERTIFICATE));
      }
      try (StsLinks trusting = new StsLinks(config(server).caFile(pem).build())) {
        assertThat(trusting.reach("demo").get(10, TimeUnit.SECONDS))
            .isInstanceOf(StsReach.Connected.class);
        dubs(ready(trusting, observer));
      }
    }
  }
}
