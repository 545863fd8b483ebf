package babelmux.app.doctor;

import babelmux.app.StsAccess;
import babelmux.media.MediaException;
import babelmux.worker.config.StsSettings;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsReach;
import babelmux.worker.sts.StsSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at the STS as the worker would use it: connects, opens a session for the languages of the
 * settings, has a test fragment dubbed, and ends the session. Blocks, 50 s at most: each step at
 * most 10 s. Only a fragment that the STS may take longer for is waited for that long.
 */
final class StsProbe {

  /**
   * How long each step is waited for.
   *
   * @param reach for the connection
   * @param ready for the answer to {@code stream:init}
   * @param fragment for the test fragment, at most; less when the STS has less
   * @param late for the late answer of one that has less than that, from when it was sent
   */
  record Limits(Duration reach, Duration ready, Duration fragment, Duration late) {
    static final Limits DEFAULT =
        new Limits(
            Duration.ofSeconds(9),
            Duration.ofSeconds(9),
            Duration.ofSeconds(29),
            Duration.ofMillis(9_500));
  }

  /** The most that the contract lets a client ask for. */
  private static final Duration MEASURE_LIMIT = Duration.ofSeconds(30);

  private static final Duration SEGMENT = Duration.ofSeconds(6);
  private static final int MEASURED = 10;
  private static final int MAX_FAILURES_IN_A_ROW = 3;

  private final WorkerConfig config;
  private final StsSettings settings;
  private final Limits limits;

  StsProbe(WorkerConfig config) {
    this(config, Limits.DEFAULT);
  }

  StsProbe(WorkerConfig config, Limits limits) {
    this.config = config;
    this.limits = limits;
    this.settings = config.sts();
  }

  /**
   * Looks.
   *
   * @throws InterruptedException after the session was ended in order
   */
  List<Finding> look() throws InterruptedException {
    if (settings.skip()) {
      return List.of(Finding.ok("sts", "not used: sts.skip passes the original audio through"));
    }
    try (StsLinks links = links()) {
      return StsVerdict.of(observe(links), expected());
    } catch (MediaException e) {
      throw new IllegalStateException("a test fragment can always be made", e);
    }
  }

  /**
   * Sends ten fragments and says which delay the STS needs. Blocks, a minute and a half at most.
   *
   * @throws InterruptedException after the session was ended in order
   */
  Finding measure() throws InterruptedException {
    try (StsLinks links = links()) {
      return StsMeasurement.judge(measured(links), expected());
    } catch (MediaException e) {
      throw new IllegalStateException("a test fragment can always be made", e);
    }
  }

  private StsLinks links() {
    return new StsLinks(StsAccess.builder(settings).connectTimeout(limits.reach()).build());
  }

  private StsExpectation expected() {
    return new StsExpectation(
        settings.url() + settings.path(),
        settings.namespace(),
        settings.token() != null,
        "%s to %s".formatted(config.languages().source(), config.languages().target()),
        settings.voiceProfile(),
        config.delay().stsLimit(),
        config.delay().delay());
  }

  private static String streamId() {
    return "babelmux-doctor-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private StsSession session(Duration limit) {
    return new StsSession(
        config.languages().source(),
        config.languages().target(),
        SpokenLike.HZ,
        SpokenLike.CHANNELS,
        limit);
  }

  private Duration limit() {
    Duration limit = config.delay().stsLimit();
    return limit.isZero() ? Duration.ofMillis(1) : limit;
  }

  private StsObservation observe(StsLinks links) throws InterruptedException, MediaException {
    byte[] m4a = SpokenLike.m4a(0);
    long bytes = StsLinks.messageBytes(m4a.length);
    StsReach reach = reach(links);
    if (!(reach instanceof StsReach.Connected connected)) {
      return new StsObservation(reach, bytes, null, null);
    }
    try (StsProbeSession session = new StsProbeSession(links, streamId(), session(limit()))) {
      StsOpening opening = session.opening(limits.ready());
      long max = connected.maxPayload().orElse(0);
      boolean fits = max <= 0 || bytes <= max;
      return new StsObservation(
          reach,
          bytes,
          opening,
          opening instanceof StsOpening.Accepted && fits ? reply(session, m4a) : null);
    }
  }

  private static StsReach reach(StsLinks links) throws InterruptedException {
    return await(links.reach(streamId()));
  }

  private StsReply reply(StsProbeSession session, byte[] m4a) throws InterruptedException {
    Duration limit = limit().compareTo(limits.fragment()) < 0 ? limit() : limits.fragment();
    int number = session.nextNumber();
    StsReply reply = await(session.send(m4a, limit));
    Duration more = limits.late().minus(limit);
    if (reply instanceof StsReply.Unanswered && !more.isNegative()) {
      StsReply late = session.late(number, more);
      return late == null ? new StsReply.Unanswered(limits.late().toMillis()) : late;
    }
    return reply;
  }

  /**
   * Sends fragments, each when the one before it is answered, and at the latest 6 s after it: on
   * air, too, a fragment is under way alone unless the STS takes longer than a segment.
   */
  private List<StsReply> measured(StsLinks links) throws InterruptedException, MediaException {
    List<CompletableFuture<StsReply>> replies = new ArrayList<>();
    try (StsProbeSession session = new StsProbeSession(links, streamId(), session(MEASURE_LIMIT))) {
      if (!(session.opening(limits.ready()) instanceof StsOpening.Accepted)) {
        return List.of();
      }
      while (replies.size() < MEASURED && !failing(replies)) {
        CompletableFuture<StsReply> reply =
            session.send(SpokenLike.m4a(session.nextNumber() + 1), MEASURE_LIMIT);
        replies.add(reply);
        answeredWithin(reply, SEGMENT);
      }
      List<StsReply> all = new ArrayList<>();
      for (CompletableFuture<StsReply> reply : replies) {
        all.add(await(reply));
      }
      return all;
    }
  }

  /** Not worth going on. */
  private static boolean failing(List<CompletableFuture<StsReply>> replies) {
    int from = replies.size() - MAX_FAILURES_IN_A_ROW;
    return from >= 0
        && replies.subList(from, replies.size()).stream()
            .map(reply -> reply.getNow(null))
            .allMatch(reply -> reply != null && StsMeasurement.millis(reply).isEmpty());
  }

  private static void answeredWithin(CompletableFuture<?> reply, Duration limit)
      throws InterruptedException {
    try {
      reply.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      // The next one is sent beside it.
    }
  }

  private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
