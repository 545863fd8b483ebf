package babelmux.app.doctor;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.MediaException;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import babelmux.worker.sound.Fit;
import babelmux.worker.sound.Levels;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsSession;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A session with the STS over the worker's own link, under a name that says whose it is. One
 * thread. Whoever opens it closes it: that ends the session in order, also when the thread was
 * interrupted or the program is being stopped.
 */
final class StsProbeSession implements AutoCloseable {
  private static final long END_SECONDS = 2;
  private static final Pattern NO_AUDIO = Pattern.compile("dubbed_audio is (missing|empty)");

  private final StsLink link;
  private final Watch watch = new Watch();
  private final Thread atShutdown = new Thread(this::end, "doctor-sts-end");
  private int sent;

  /** Begins to connect. */
  StsProbeSession(StsLinks links, String streamId, StsSession session) {
    link = links.open(streamId, session, watch);
    Runtime.getRuntime().addShutdownHook(atShutdown);
  }

  /** Waits for the answer to {@code stream:init}. */
  StsOpening opening(Duration limit) throws InterruptedException {
    try {
      return watch.opening.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new StsOpening.Unanswered(limit.toMillis());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Sends a fragment.
   *
   * @param limit for its answer
   * @return completes with the reply: {@link StsReply.Unanswered} as soon as the limit is over
   */
  CompletableFuture<StsReply> send(byte[] m4a, Duration limit) {
    StsFragment fragment =
        new StsFragment(
            UUID.randomUUID().toString(),
            sent,
            link.generation(),
            sent * Duration.ofSeconds(6).toNanos(),
            SpokenLike.FRAMES,
            SpokenLike.HZ,
            SpokenLike.CHANNELS,
            "m4a",
            m4a,
            System.nanoTime() + limit.toNanos());
    sent++;
    watch.lastCode = null;
    return link.submit(fragment).thenApplyAsync(outcome -> reply(outcome, limit));
  }

  /** The number that the next fragment will have. */
  int nextNumber() {
    return sent;
  }

  /**
   * Waits for the late answer to a fragment.
   *
   * @return null when it does not come
   */
  StsReply.@Nullable Late late(int number, Duration limit) throws InterruptedException {
    try {
      return new StsReply.Late(
          watch.late(number).get(limit.toNanos(), TimeUnit.NANOSECONDS).toMillis());
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private StsReply reply(StsOutcome outcome, Duration limit) {
    if (outcome instanceof StsOutcome.Dub dub) {
      StsReply heard = heard(dub);
      // It goes on no air.
      dub.used(false);
      return heard;
    }
    StsOutcome.Fallback fallback = (StsOutcome.Fallback) outcome;
    return switch (fallback.reason()) {
      case TIMEOUT -> new StsReply.Unanswered(limit.toMillis());
      case DISCONNECTED -> new StsReply.Lost(fallback.detail());
      case INVALID_OUTPUT ->
          NO_AUDIO.matcher(fallback.detail()).find()
              ? new StsReply.NoAudio(link.status().rttLastMs())
              : new StsReply.Unusable(link.status().rttLastMs(), fallback.detail());
      case ERROR, OVERLOAD, BREAKER_OPEN -> new StsReply.Failed(code(fallback), fallback.detail());
    };
  }

  private String code(StsOutcome.Fallback fallback) {
    String code = watch.lastCode;
    return code == null ? fallback.reason().tag() : code;
  }

  private static StsReply heard(StsOutcome.Dub dub) {
    long millis = TimeUnit.NANOSECONDS.toMillis(dub.rttNanos());
    int max = (int) (SpokenLike.FRAMES * Fit.ABSURD) + 4 * SpokenLike.HZ;
    try {
      Sound decoded =
          AudioClipDecoder.decode(
              dub.audio(),
              new AudioClipHint(dub.format(), dub.sampleRateHz(), dub.channels(), max));
      Sound sound = SampleConverter.convert(decoded, SpokenLike.HZ, SpokenLike.CHANNELS);
      return new StsReply.Dub(
          millis, sound.frames() * 1000L / SpokenLike.HZ, Levels.of(sound).isSilent());
    } catch (MediaException e) {
      return new StsReply.Unusable(millis, String.valueOf(e.getMessage()));
    }
  }

  /** Sends {@code stream:end} and waits for its answer, 2 s at most. Idempotent, any thread. */
  private void end() {
    link.end("doctor");
    // Once more: answers that are still to come are not waited for.
    link.end("doctor");
    watch.awaitEnd();
    link.close();
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      // The program is being stopped, and the hook runs.
    }
  }

  /** What the link tells. */
  private static final class Watch implements StsObserver {
    final CompletableFuture<StsOpening> opening = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<Long, CompletableFuture<Duration>> late = new ConcurrentHashMap<>();
    private volatile @Nullable String voiceRefusal;
    volatile @Nullable String lastCode;

    @Override
    public void stateChanged(LinkState from, LinkState to, String reason) {
      switch (to) {
        case READY -> opening.complete(new StsOpening.Accepted(voiceRefusal));
        case RECONNECTING, PASS_THROUGH -> opening.complete(notOpened(reason));
        case LINGERING, CLOSED -> {
          opening.complete(notOpened(reason));
          ended.countDown();
        }
        default -> {}
      }
    }

    private StsOpening notOpened(String reason) {
      String code = lastCode;
      return code == null ? new StsOpening.Lost(reason) : new StsOpening.Refused(code, reason);
    }

    @Override
    public void failed(String code, boolean retryable) {
      lastCode = code;
    }

    @Override
    public void violation(ProtocolViolation kind, String detail) {
      if (kind == ProtocolViolation.VOICE_REFUSED) {
        voiceRefusal = detail;
        lastCode = null;
      }
    }

    @Override
    public void late(long segmentIndex, String fragmentId, Duration roundTrip) {
      late(segmentIndex).complete(roundTrip);
    }

    CompletableFuture<Duration> late(long number) {
      return late.computeIfAbsent(number, key -> new CompletableFuture<>());
    }

    /** Not cut short by an interruption, which stays set. */
    void awaitEnd() {
      boolean interrupted = Thread.interrupted();
      long begin = System.nanoTime();
      long left = TimeUnit.SECONDS.toNanos(END_SECONDS);
      while (left > 0) {
        try {
          if (ended.await(left, TimeUnit.NANOSECONDS)) {
            break;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = TimeUnit.SECONDS.toNanos(END_SECONDS) - (System.nanoTime() - begin);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
