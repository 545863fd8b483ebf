package babelmux.worker.sts.contract;

import static org.awaitility.Awaitility.await;

import babelmux.worker.retry.Backoff;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsSession;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A link to the service under test, and what it told its observer. */
final class Subject implements StsObserver, AutoCloseable {
  static final Duration LIMIT = Duration.ofMillis(1_200);

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  final String streamId;
  final StsLink link;
  final Queue<ProtocolViolation> violations = new ConcurrentLinkedQueue<>();
  final Queue<String> codes = new ConcurrentLinkedQueue<>();
  final Queue<LinkState> states = new ConcurrentLinkedQueue<>();

  /** {@code segment:number} of every sending. */
  final Queue<String> sent = new ConcurrentLinkedQueue<>();

  final Queue<Long> late = new ConcurrentLinkedQueue<>();
  private final StsLinks links;
  private long segments;

  /** Opens a link and waits until it is in session. */
  Subject(URI service, String trouble) {
    this(service, trouble, "default");
  }

  Subject(URI service, String trouble, String voice) {
    Backoff quick =
        new Backoff(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200));
    links = new StsLinks(StsConfig.builder(service).reconnect(quick).voiceProfile(voice).build());
    streamId = trouble + "-" + NUMBERS.incrementAndGet();
    link = links.open(streamId, new StsSession("en", "es", 48_000, 2, LIMIT), this);
    await().until(link::ready);
  }

  static byte[] sound(long seed) {
    byte[] bytes = new byte[40_000];
    Arrays.fill(bytes, (byte) (seed + 1));
    return bytes;
  }

  /** Hands over the next fragment of the current generation. */
  CompletableFuture<StsOutcome> submit() {
    long index = segments++;
    return link.submit(
        new StsFragment(
            UUID.randomUUID().toString(),
            index,
            link.generation(),
            index * 6_000_000_000L,
            288_000,
            48_000,
            2,
            "m4a",
            sound(index),
            System.nanoTime() + LIMIT.toNanos() * 3));
  }

  /** So many fragments, each after the one before is settled. */
  List<StsOutcome> oneByOne(int count) {
    List<StsOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outcomes.add(settled(submit()));
    }
    return outcomes;
  }

  static StsOutcome settled(CompletableFuture<StsOutcome> result) {
    StsOutcome outcome = result.orTimeout(10, TimeUnit.SECONDS).join();
    if (outcome instanceof StsOutcome.Dub dub) {
      dub.used(true);
    }
    return outcome;
  }

  /** What became of fragments, a word each. */
  static List<String> words(List<StsOutcome> outcomes) {
    return outcomes.stream().map(Subject::word).toList();
  }

  static String word(StsOutcome outcome) {
    return outcome instanceof StsOutcome.Fallback fallback ? fallback.reason().tag() : "dub";
  }

  @Override
  public void stateChanged(LinkState from, LinkState to, String reason) {
    states.add(to);
  }

  @Override
  public void sent(long segmentIndex, String fragmentId, int sequenceNumber) {
    sent.add(segmentIndex + ":" + sequenceNumber);
  }

  @Override
  public void late(long segmentIndex, String fragmentId, Duration roundTrip) {
    late.add(segmentIndex);
  }

  @Override
  public void failed(String code, boolean retryable) {
    codes.add(code);
  }

  @Override
  public void violation(ProtocolViolation kind, String detail) {
    violations.add(kind);
  }

  @Override
  public void close() {
    links.close();
  }
}
