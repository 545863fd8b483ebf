package babelmux.worker.session;

import babelmux.media.FragmentM4a;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import babelmux.media.SoundDecoder;
import babelmux.media.SoundEncoder;
import babelmux.media.SoundHint;
import babelmux.media.TrackFormat;
import babelmux.worker.sound.Dub;
import babelmux.worker.sound.Fit;
import babelmux.worker.sound.FitAction;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sound.Limiter;
import babelmux.worker.sound.Loudness;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a stream's segments to the STS and puts what comes back into their slots. The reader hands
 * segments over; coding and decoding run on the shared pool; whatever goes wrong there costs one
 * segment its dub and nothing else.
 */
final class Dubbing {
  private static final Logger log = LoggerFactory.getLogger(Dubbing.class);
  // The contract's limit of channels; more are mixed down for the STS only.
  private static final int MAX_CHANNELS = 2;
  private static final long CLOSE_LIMIT_NANOS = 5_000_000_000L;
  private static final int FRAGMENT_BIT_RATE = 128_000;

  private final SessionListener listener;
  private final Executor pool;
  // The service hears the segments in their order, however fast they come.
  private final InTurn senders;
  private final Function<SoundShape, @Nullable StsLink> opener;
  private final LongUnaryOperator deadlineOf;
  private final SoundOptions options;
  private final int maxTries;
  private final Queue<Attempt> unsent = new ConcurrentLinkedQueue<>();
  private volatile @Nullable StsLink link;
  private volatile @Nullable DubTrack track;
  private boolean opened;
  private int sending;
  private boolean closed;
  private @Nullable Runnable whenIdle;

  /**
   * @param opener opens the link for a source's sound, or gives null when nothing is to be dubbed
   * @param deadlineOf when the answer for a segment that begins at a session time, microseconds,
   *     must be here, monotonic clock
   * @param options how the sound of a slot is made
   */
  Dubbing(
      SessionListener listener,
      Executor pool,
      Function<SoundShape, @Nullable StsLink> opener,
      LongUnaryOperator deadlineOf,
      SoundOptions options) {
    this(listener, pool, opener, deadlineOf, options, 1);
  }

  /**
   * The same for somebody who can wait.
   *
   * @param maxTries how often a fragment is handed over that was lost with its connection or met an
   *     open breaker; from the second time on by {@link #sendAgain}
   */
  Dubbing(
      SessionListener listener,
      Executor pool,
      Function<SoundShape, @Nullable StsLink> opener,
      LongUnaryOperator deadlineOf,
      SoundOptions options,
      int maxTries) {
    this.listener = listener;
    this.maxTries = maxTries;
    this.pool = pool;
    this.senders = new InTurn(pool);
    this.opener = opener;
    this.deadlineOf = deadlineOf;
    this.options = options;
  }

  /** A fragment, and how often it has been handed over. */
  private record Attempt(
      Segment segment,
      byte[] m4a,
      DubTrack slots,
      SampleRate rate,
      int channels,
      long deadlineNanos,
      int tries,
      String trouble) {

    Attempt again(String why) {
      return new Attempt(segment, m4a, slots, rate, channels, deadlineNanos, tries + 1, why);
    }
  }

  /** There is sound: connects. Returns at once. Reader only. */
  void open(SoundShape shape) {
    if (!opened) {
      opened = true;
      link = opener.apply(shape);
    }
  }

  /** The link; null while there is no sound, and when nothing is to be dubbed. Any thread. */
  @Nullable StsLink link() {
    return link;
  }

  /** The session's slots. The first caller, reader or release, makes them. */
  synchronized DubTrack track(SampleRate rate) {
    DubTrack current = track;
    if (current == null) {
      current = new DubTrack(rate.hz(), options, listener);
      track = current;
    }
    return current;
  }

  /** What the release makes of original and dubs. */
  Mixdown mixdown(SampleRate rate, int channels) {
    Limiter limiter = options.isMixed() ? new Limiter(rate.hz(), channels) : null;
    return new Mixdown(track(rate), limiter, rate, listener);
  }

  /** A segment was cut; takes it over. Reader only; does not wait. */
  void cut(CutSegment cut, SoundShape shape) {
    boolean handedOver = false;
    try {
      handedOver = submit(cut, shape);
    } finally {
      if (!handedOver) {
        cut.close();
      }
    }
  }

  /** Tells whether the segment is closed by whoever sends it. */
  private boolean submit(CutSegment cut, SoundShape shape) {
    SampleRate rate = shape.rate();
    int channels = shape.channels();
    StsLink current = link;
    Segment segment = cut.segment();
    DubTrack slots = track(rate);
    if (current == null) {
      return false;
    }
    listener.segment(segment.index(), rate.microsAt(segment.startSample()));
    boolean inTime = slots.open(segment, cut.arrivedNanos());
    long epoch = current.epoch();
    boolean send = inTime && epoch != 0;
    listener.cut(segment.index(), send);
    if (!send) {
      refuseUnsent(segment, current, slots);
      return false;
    }
    long deadlineNanos = deadlineOf.applyAsLong(rate.microsAt(segment.startSample()));
    begin();
    boolean submitted = false;
    try {
      senders.execute(() -> send(cut, current, epoch, slots, rate, channels, deadlineNanos));
      submitted = true;
    } catch (RejectedExecutionException e) {
      slots.refuse(segment.index(), FallbackReason.OVERLOAD, "the worker is shutting down");
    } catch (OutOfMemoryError e) {
      slots.refuse(segment.index(), FallbackReason.OVERLOAD, "could not create thread");
    } finally {
      if (!submitted) {
        done();
      }
    }
    return submitted;
  }

  private static void refuseUnsent(Segment segment, StsLink current, DubTrack slots) {
    if (current.status().state() == LinkState.PASS_THROUGH) {
      slots.refuse(segment.index(), FallbackReason.ERROR, "the STS has refused the stream");
    } else {
      slots.refuse(segment.index(), FallbackReason.DISCONNECTED, "the STS link was not ready");
    }
  }

  private synchronized void begin() {
    sending++;
  }

  private void done() {
    Runnable idle;
    synchronized (this) {
      sending--;
      notifyAll();
      idle = sending == 0 ? whenIdle : null;
    }
    if (idle != null) {
      idle.run();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void send(
      CutSegment cut,
      StsLink current,
      long epoch,
      DubTrack slots,
      SampleRate rate,
      int channels,
      long deadlineNanos) {
    Segment segment = cut.segment();
    try (cut) {
      if (isClosed()) {
        slots.refuse(segment.index(), FallbackReason.DISCONNECTED, "the session has ended");
        return;
      }
      int sentChannels = Math.min(channels, MAX_CHANNELS);
      if (options.loudness() != null) {
        slots.measured(segment.index(), Loudness.of(decoded(cut, rate, channels)));
      }
      byte[] m4a = fragment(cut, rate, sentChannels);
      handOver(
          new Attempt(segment, m4a, slots, rate, channels, deadlineNanos, 1, ""), current, epoch);
    } catch (MediaException e) {
      log.warn("segment {} could not be made into a fragment: {}", segment.index(), e.getMessage());
      slots.refuse(segment.index(), FallbackReason.ERROR, String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      log.error("segment {} could not be made into a fragment", segment.index(), e);
      slots.refuse(segment.index(), FallbackReason.ERROR, "internal error");
    } finally {
      done();
    }
  }

  private void handOver(Attempt attempt, StsLink current, long epoch) {
    Segment segment = attempt.segment();
    SampleRate rate = attempt.rate();
    StsFragment fragment =
        new StsFragment(
            segment.index(),
            epoch,
            rate.microsAt(segment.startSample()) * 1000,
            (int) Math.round(segment.samples() * 1000.0 / rate.hz()),
            rate.hz(),
            Math.min(attempt.channels(), MAX_CHANNELS),
            "m4a",
            attempt.m4a(),
            attempt.deadlineNanos());
    current
        .submit(fragment)
        .thenAcceptAsync(outcome -> answered(outcome, attempt), pool)
        .exceptionally(
            e -> {
              log.error("segment {}: the answer could not be used", segment.index(), e);
              attempt.slots().refuse(segment.index(), FallbackReason.ERROR, "internal error");
              return null;
            });
  }

  /** How many fragments came back unsent and wait for {@link #sendAgain}. */
  int unsent() {
    return unsent.size();
  }

  /** Hands the oldest fragment that came back unsent over again, if there is one. */
  void sendAgain() {
    StsLink current = link;
    Attempt attempt = current == null ? null : unsent.poll();
    if (current != null && attempt != null) {
      handOver(attempt, current, current.epoch());
    }
  }

  /** The link stays away: what came back unsent stays the original. */
  void giveUpUnsent() {
    for (Attempt attempt = unsent.poll(); attempt != null; attempt = unsent.poll()) {
      attempt
          .slots()
          .refuse(attempt.segment().index(), FallbackReason.DISCONNECTED, attempt.trouble());
    }
  }

  private static byte[] fragment(CutSegment cut, SampleRate rate, int channels)
      throws MediaException {
    Segment segment = cut.segment();
    List<Delayed> parts = cut.packets();
    if (parts.isEmpty()) {
      throw new MediaException(MediaException.Kind.INVALID, "a segment without packets");
    }
    Delayed first = parts.get(0);
    TrackFormat format = first.format();
    if (format.isAac()
        && format.sampleRate() == rate.hz()
        && format.channels() <= channels
        && format.frameSamples() > 0
        && cut.isContiguous()) {
      List<Packet> packets = parts.stream().map(Delayed::packet).toList();
      int skip = (int) (segment.startSample() - first.startSample());
      return FragmentM4a.of(packets, format, skip, segment.samples(), format.frameSamples());
    }
    return SoundEncoder.m4a(decoded(cut, rate, channels), FRAGMENT_BIT_RATE);
  }

  private static Sound decoded(CutSegment cut, SampleRate rate, int channels)
      throws MediaException {
    Segment segment = cut.segment();
    float[][] out = new float[channels][segment.samples()];
    try (OriginalSound sound = new OriginalSound(rate.hz(), channels, new SessionListener() {})) {
      for (Delayed packet : cut.packets()) {
        sound.add(packet);
      }
      sound.finish();
      sound.read(out, segment.startSample(), segment.samples());
    }
    return new Sound(out, rate.hz());
  }

  private void answered(StsOutcome outcome, Attempt attempt) {
    Segment segment = attempt.segment();
    DubTrack slots = attempt.slots();
    if (outcome instanceof StsOutcome.Fallback fallback) {
      boolean mayHelp =
          fallback.reason() == FallbackReason.DISCONNECTED
              || fallback.reason() == FallbackReason.BREAKER_OPEN;
      if (mayHelp && attempt.tries() < maxTries) {
        unsent.add(attempt.again(fallback.detail()));
      } else {
        slots.refuse(segment.index(), fallback.reason(), fallback.detail());
      }
    } else if (outcome instanceof StsOutcome.Dub dub) {
      dub.used(place(dub, segment, slots, attempt.rate(), attempt.channels()));
    }
  }

  private boolean place(
      StsOutcome.Dub dub, Segment segment, DubTrack slots, SampleRate rate, int channels) {
    try {
      int most = (int) (segment.samples() * Fit.ABSURD * 48_000 / rate.hz()) + 192_000;
      Sound decoded =
          SoundDecoder.decode(
              dub.audio(), new SoundHint(dub.format(), dub.sampleRateHz(), dub.channels(), most));
      Sound sound = SampleConverter.convert(decoded, rate.hz(), channels);
      if (!Dub.isSound(sound)) {
        throw new MediaException(
            MediaException.Kind.INVALID, "a dub with samples far beyond full scale");
      }
      FitPlan plan = Fit.plan(sound, segment.samples(), options.fit());
      if (plan.action() == FitAction.REFUSED) {
        listener.fitted(segment.index(), plan);
        throw new MediaException(
            MediaException.Kind.INVALID,
            "a dub of %d samples for a segment of %d".formatted(sound.frames(), segment.samples()));
      }
      Dub fitted = Dub.of(Fit.apply(sound, plan), options);
      boolean used = slots.fill(segment.index(), fitted);
      if (used) {
        listener.fitted(segment.index(), plan);
      } else {
        fitted.close();
      }
      return used;
    } catch (MediaException e) {
      slots.refuse(segment.index(), FallbackReason.INVALID_OUTPUT, String.valueOf(e.getMessage()));
      return false;
    }
  }

  /**
   * Gives up the fragments that have not begun to be made, and waits, at most 5 s, for the others:
   * they hold packets and formats of the session.
   *
   * @param free frees the session's formats; run when no fragment is made any more: here, or, after
   *     5 s, by whoever makes the last one
   */
  void close(Runnable free) {
    synchronized (this) {
      closed = true;
    }
    senders.withdraw().forEach(Runnable::run);
    long deadline = System.nanoTime() + CLOSE_LIMIT_NANOS;
    synchronized (this) {
      try {
        while (sending > 0 && System.nanoTime() - deadline < 0) {
          wait(100);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (sending > 0) {
        log.warn("{} fragments are still being made after the session's end", sending);
        whenIdle = () -> giveBack(free);
        return;
      }
    }
    giveBack(free);
  }

  private void giveBack(Runnable formats) {
    DubTrack slots = track;
    if (slots != null) {
      slots.close();
    }
    formats.run();
  }
}
