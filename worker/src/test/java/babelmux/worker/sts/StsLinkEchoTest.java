package babelmux.worker.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.worker.retry.Backoff;
import babelmux.worker.sts.StsOutcome.Dub;
import babelmux.worker.sts.StsOutcome.Fallback;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The link against the stand-in server, over real sockets. */
@Timeout(60)
class StsLinkEchoTest {
  private static final StsSession SESSION =
      new StsSession("en", "es", 48_000, 2, Duration.ofSeconds(8));
  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200));

  private final Queue<String> events = new ConcurrentLinkedQueue<>();

  private final LongAdder samplesSent = new LongAdder();

  private final StsObserver observer =
      new StsObserver() {
        @Override
        public void audioSent(long samples, int sampleRateHz) {
          samplesSent.add(samples);
        }

        @Override
        public void stateChanged(LinkState from, LinkState to, String reason) {
          events.add(to.tag());
        }

        @Override
        public void violation(ProtocolViolation kind, String detail) {
          events.add(kind.tag() + " " + detail);
        }
      };

  private static StsEcho echo(int port, StsEchoConfig.Builder builder) throws IOException {
    return StsEcho.start(builder.port(port).build());
  }

  private static StsConfig.Builder config(StsEcho echo) {
    return StsConfig.builder(echo.url()).reconnect(QUICK);
  }

  private static StsFragment fragment(StsLink link, long index, byte[] audio) {
    return new StsFragment(
        UUID.randomUUID().toString(),
        index,
        link.generation(),
        index * 6_000_000_000L,
        288_000,
        48_000,
        2,
        "m4a",
        audio,
        System.nanoTime() + 8_000_000_000L);
  }

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + seed);
    }
    return bytes;
  }

  @Test
  void tenFragmentsComeBackAsTheyWentAndTheStreamEndsWithAFarewell() throws Exception {
    try (StsEcho echo =
            echo(0, StsEchoConfig.builder().autoDisconnect(Duration.ofMillis(200)).token("key"));
        StsLinks links = new StsLinks(config(echo).token("key").build())) {
      StsLink link = links.open("demo", SESSION, observer);
      await().until(link::ready);
      for (int i = 0; i < 10; i++) {
        byte[] audio = bytes(150_000, i);
        StsOutcome outcome = link.submit(fragment(link, i, audio)).join();
        assertThat(outcome).isInstanceOf(Dub.class);
        Dub dub = (Dub) outcome;
        assertThat(dub.audio()).isEqualTo(audio);
        assertThat(dub.transcript()).isNotBlank();
        dub.used(true);
      }
      assertThat(link.status().inFlight()).isZero();
      assertThat(samplesSent.sum()).isEqualTo(10 * 288_000);
      link.end("source_ended").get(5, TimeUnit.SECONDS);
      assertThat(events)
          .containsExactly(
              "initialising", "ready", "draining", "completing", "lingering", "closed");
    }
  }

  @Test
  void aLargeFragmentGoesThrough() throws Exception {
    try (StsEcho echo = echo(0, StsEchoConfig.builder());
        StsLinks links = new StsLinks(config(echo).build())) {
      StsLink link = links.open("demo", SESSION, observer);
      await().until(link::ready);
      byte[] pcm = bytes(2_304_000, 7);
      StsOutcome outcome = link.submit(fragment(link, 0, pcm)).join();
      assertThat(((Dub) outcome).audio()).isEqualTo(pcm);
    }
  }

  @Test
  void aServiceThatIsNotThereIsWaitedForAndUsedWhenItComes() throws Exception {
    int port;
    try (StsEcho gone = echo(0, StsEchoConfig.builder())) {
      port = gone.port();
    }
    StsConfig config =
        StsConfig.builder(URI.create("http://127.0.0.1:" + port)).reconnect(QUICK).build();
    try (StsLinks links = new StsLinks(config)) {
      StsLink link = links.open("demo", SESSION, observer);
      await().until(() -> link.status().reconnects() >= 3);
      assertThat(link.status().state()).isEqualTo(LinkState.RECONNECTING);
      assertThat(link.status().lastError()).contains("cannot be reached").contains("refused");
      StsOutcome early = link.submit(fragment(link, 0, bytes(10, 0))).join();
      assertThat(((Fallback) early).reason()).isEqualTo(FallbackReason.DISCONNECTED);
      try (StsEcho echo = echo(port, StsEchoConfig.builder())) {
        assertThat(echo.port()).isEqualTo(port);
        await().until(link::ready);
        assertThat(link.submit(fragment(link, 1, bytes(10, 0))).join()).isInstanceOf(Dub.class);
      }
    }
  }

  @Test
  void aServiceThatDiesAndComesBackCostsWhatWasInFlightOnly() throws Exception {
    StsEcho first = echo(0, StsEchoConfig.builder().processingDelay(Duration.ofSeconds(30)));
    try (StsLinks links = new StsLinks(config(first).build())) {
      StsLink link = links.open("demo", SESSION, observer);
      await().until(link::ready);
      List<CompletableFuture<StsOutcome>> lost = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        lost.add(link.submit(fragment(link, i, bytes(1_000, i))));
      }
      await().until(() -> link.status().inFlight() == 3);
      first.close();
      for (CompletableFuture<StsOutcome> result : lost) {
        assertThat(((Fallback) result.join()).reason()).isEqualTo(FallbackReason.DISCONNECTED);
      }
      try (StsEcho second = echo(first.port(), StsEchoConfig.builder())) {
        assertThat(second.port()).isEqualTo(first.port());
        await().until(link::ready);
        assertThat(link.submit(fragment(link, 3, bytes(10, 0))).join()).isInstanceOf(Dub.class);
        assertThat(link.generation()).isEqualTo(2);
        assertThat(link.status().breaker()).isEqualTo(BreakerState.CLOSED);
      }
    }
  }

  @Test
  void aFragmentThatIsNotAnsweredFallsBackAtItsDeadline() throws Exception {
    try (StsEcho echo = echo(0, StsEchoConfig.builder().processingDelay(Duration.ofSeconds(30)));
        StsLinks links = new StsLinks(config(echo).build())) {
      StsSession impatient = new StsSession("en", "es", 48_000, 2, Duration.ofMillis(300));
      StsLink link = links.open("demo", impatient, observer);
      await().until(link::ready);
      long sent = System.nanoTime();
      StsOutcome outcome = link.submit(fragment(link, 0, bytes(10, 0))).join();
      assertThat(((Fallback) outcome).reason()).isEqualTo(FallbackReason.TIMEOUT);
      assertThat(System.nanoTime() - sent).isBetween(300_000_000L, 2_000_000_000L);
    }
  }

  @Test
  void aWrongKeyEndsInPassThrough() throws Exception {
    try (StsEcho echo = echo(0, StsEchoConfig.builder().token("right"));
        StsLinks links = new StsLinks(config(echo).token("wrong-secret").build())) {
      StsLink link = links.open("demo", SESSION, observer);
      await().until(() -> link.status().state() == LinkState.PASS_THROUGH);
      assertThat(link.status().toString()).doesNotContain("wrong-secret");
      StsOutcome outcome = link.submit(fragment(link, 0, bytes(10, 0))).join();
      assertThat(((Fallback) outcome).reason()).isEqualTo(FallbackReason.ERROR);
    }
  }

  @Test
  void closingTheWorkersLinksSettlesEverything() throws Exception {
    try (StsEcho echo = echo(0, StsEchoConfig.builder().processingDelay(Duration.ofSeconds(30)))) {
      StsLinks links = new StsLinks(config(echo).build());
      StsLink link = links.open("demo", SESSION, observer);
      await().until(link::ready);
      CompletableFuture<StsOutcome> inFlight = link.submit(fragment(link, 0, bytes(10, 0)));
      links.close();
      assertThat(((Fallback) inFlight.join()).reason()).isEqualTo(FallbackReason.DISCONNECTED);
      StsOutcome after = link.submit(fragment(link, 1, bytes(10, 0))).join();
      assertThat(((Fallback) after).reason()).isEqualTo(FallbackReason.DISCONNECTED);
      link.close();
      assertThat(link.status().state()).isEqualTo(LinkState.CLOSED);
    }
  }
}
