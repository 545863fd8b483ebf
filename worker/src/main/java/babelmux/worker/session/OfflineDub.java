package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sink;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.StsLink;
import babelmux.worker.timeline.SampleRate;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The same pipeline on virtual time: reads a file as fast as the STS answers and writes another. No
 * slot leaves before it is decided, so the STS's limit and not a delay bounds how long it may take.
 * Reading waits while the link cannot send, for as long as the settings say. One thread, the
 * caller's.
 */
public final class OfflineDub {
  private static final long INTERLEAVE_LIMIT_US = 10_000_000;
  private static final long HOLE_TOLERANCE_US = 1_000_000;
  private static final long TICK_NANOS = 50_000_000;
  // A fragment that kills its connection each time must not stop the file.
  private static final int MAX_TRIES = 3;

  private final String input;
  private final String output;
  private final Settings settings;
  private final SessionListener listener;
  private final LongConsumer progress;

  private final Intake intake;
  private final DelayLine line;
  private final Dubbing dubbing;
  private final SoundCutter cutter;
  private long firstDtsUs;
  private long readUs;
  private long pictureUs = Long.MIN_VALUE;
  private long soundUs = Long.MIN_VALUE;
  private long lastUsefulNanos;

  /**
   * @param segment length of a segment
   * @param answerLimit how long the STS may take for a fragment when it has no other
   * @param window how many segments may wait for their answers before reading pauses
   * @param bitRate of the output's sound, bits per second
   * @param sound how the sound of a slot is made
   * @param quietCut whether segments are cut where nobody speaks, near the grid
   * @param patience how long reading waits for a link that cannot send; what is cut after that
   *     stays the original until it can. Zero waits for nothing
   */
  public record Settings(
      Duration segment,
      Duration answerLimit,
      int window,
      int bitRate,
      SoundOptions sound,
      boolean quietCut,
      Duration patience) {
    /** Segments are cut on the grid, and nothing waits for the link. */
    public Settings(
        Duration segment, Duration answerLimit, int window, int bitRate, SoundOptions sound) {
      this(segment, answerLimit, window, bitRate, sound, false);
    }

    /** Nothing waits for the link. */
    public Settings(
        Duration segment,
        Duration answerLimit,
        int window,
        int bitRate,
        SoundOptions sound,
        boolean quietCut) {
      this(segment, answerLimit, window, bitRate, sound, quietCut, Duration.ZERO);
    }

    /**
     * How long a fragment may take from its sending: an STS that works on one at a time begins with
     * the last of the window when it has answered all others.
     */
    public Duration fragmentTimeout() {
      return answerLimit.multipliedBy(window);
    }
  }

  /**
   * @param linkOpener opens the STS link, ready to be used, or gives null when nothing is to be
   *     dubbed; the link is this object's
   * @param progress hears how far the input has been read, microseconds
   */
  public OfflineDub(
      String input,
      String output,
      Settings settings,
      Executor pool,
      Function<SoundShape, @Nullable StsLink> linkOpener,
      SessionListener listener,
      LongConsumer progress) {
    this.input = input;
    this.output = output;
    this.settings = settings;
    this.listener = listener;
    this.progress = progress;
    this.line = new DelayLine(Long.MAX_VALUE, Long.MAX_VALUE, listener);
    this.intake = new Intake(listener, 0);
    // The link's limit counts from the sending; before that a fragment may wait as reading does.
    long limitNanos = settings.fragmentTimeout().plus(settings.patience()).toNanos();
    this.dubbing =
        new Dubbing(
            listener,
            pool,
            linkOpener,
            startUs -> System.nanoTime() + limitNanos,
            settings.sound(),
            settings.patience().isZero() ? 1 : MAX_TRIES);
    this.cutter = new SoundCutter(intake, dubbing, settings.segment(), settings.quietCut());
  }

  /**
   * Runs to the end.
   *
   * @throws MediaException when the input cannot be read or the output cannot be written
   */
  public void run() throws MediaException, InterruptedException {
    try (Source source = Source.open(input, SourceOptions.defaults());
        DirectOutlet outlet = new DirectOutlet(output)) {
      TrackFormat audio = source.audio();
      if (audio != null) {
        dubbing.open(SoundShape.of(audio));
      }
      Packet first = source.read();
      if (first == null) {
        throw new MediaException(MediaException.Kind.INVALID, source.name() + " has no packets");
      }
      firstDtsUs = first.dtsUs();
      try (Playout playout = new Playout(options(), line, intake, dubbing, outlet, listener)) {
        run(source, first, playout);
        outlet.finish();
      }
    } finally {
      close();
    }
  }

  private PlayoutOptions options() {
    long startUs =
        Sink.takesNegativeTimes(output) ? firstDtsUs : SessionOptions.LIVE_START.toNanos() / 1000;
    return new PlayoutOptions(
        settings.bitRate(), startUs, settings.segment().toNanos() / 1000, HOLE_TOLERANCE_US, 0);
  }

  private void run(Source source, Packet first, Playout playout)
      throws MediaException, InterruptedException {
    lastUsefulNanos = System.nanoTime();
    for (Packet packet = first; packet != null; packet = source.read()) {
      awaitLink(packet);
      accept(packet, source);
      throttle();
      release(playout, watermarkUs(source));
      progress.accept(readUs);
    }
    cutter.endStretch();
    line.lost();
    DubTrack track = track();
    while (track != null && track.undecidedFrom() != Long.MAX_VALUE) {
      release(playout, Long.MAX_VALUE);
      awaitDecision(track);
    }
    playout.finish();
    playout.write(Long.MAX_VALUE, System.nanoTime(), dtsUs -> 0);
  }

  private void accept(Packet packet, Source source) throws InterruptedException {
    TrackFormat format = packet.kind() == TrackKind.VIDEO ? source.video() : source.audio();
    if (format == null) {
      packet.close();
      return;
    }
    long nowNanos = System.nanoTime();
    boolean video = packet.kind() == TrackKind.VIDEO;
    listener.read(video, packet.size());
    // The file's own times are the clock.
    Intake.Placed placed = intake.place(packet, format, packet.dtsUs() - firstDtsUs, nowNanos);
    if (placed == null) {
      return;
    }
    Delayed delayed = placed.delayed();
    if (placed.newStretch()) {
      cutter.endStretch();
    }
    readUs = Math.max(readUs, delayed.dtsUs());
    if (video) {
      if (soundUs != Long.MIN_VALUE && readUs - soundUs > INTERLEAVE_LIMIT_US) {
        // The sound has ended: an unfinished segment would hold up all that follows.
        cutter.endStretch();
      }
    } else {
      soundUs = Math.max(soundUs, delayed.dtsUs());
      cutter.sound(delayed);
    }
    line.put(delayed);
    pictureUs = line.settledVideoUs();
  }

  /**
   * How far both tracks have been read; a track that ends early or stands apart holds the other up
   * for 10 s only.
   */
  private long watermarkUs(Source source) {
    if (source.video() == null || source.audio() == null) {
      return Math.max(pictureUs, soundUs);
    }
    return Math.max(Math.min(pictureUs, soundUs), readUs - INTERLEAVE_LIMIT_US);
  }

  private void throttle() throws InterruptedException {
    DubTrack track = track();
    while (track != null && (track.openSlots() >= settings.window() || isFarAhead(track))) {
      awaitDecision(track);
    }
  }

  /** Where the sound has ended no further slot opens, and the picture alone would be read on. */
  private boolean isFarAhead(DubTrack track) {
    SoundShape shape = intake.shape();
    long undecided = track.undecidedFrom();
    long limitUs = settings.segment().toNanos() / 1000 * (settings.window() + 1);
    return shape != null
        && undecided != Long.MAX_VALUE
        && readUs - shape.rate().microsAt(undecided) > limitUs;
  }

  /** A file can wait: nothing is cut while the link would not send it. */
  private void awaitLink(Packet next) throws InterruptedException {
    try {
      StsLink link = dubbing.link();
      DubTrack track = track();
      if (next.kind() != TrackKind.AUDIO || link == null || track == null) {
        return;
      }
      while (!sends(link, track) && !isPatienceOver(link, track)) {
        awaitDecision(track);
      }
    } catch (InterruptedException e) {
      next.close();
      throw e;
    }
  }

  /** Waits shortly for a decision, and meanwhile sends again what came back unsent. */
  private void awaitDecision(DubTrack track) throws InterruptedException {
    StsLink link = dubbing.link();
    if (link != null && dubbing.unsent() > 0) {
      if (sends(link, track)) {
        dubbing.sendAgain();
      } else if (isPatienceOver(link, track)) {
        dubbing.giveUpUnsent();
      }
    }
    track.awaitDecision(TICK_NANOS);
  }

  /** While the breaker is not closed one fragment probes, and the others wait for what it says. */
  private boolean sends(StsLink link, DubTrack track) {
    return link.accepts() && (link.status().breaker() == BreakerState.CLOSED || inHand(track) == 0);
  }

  /** Fragments that the link has, or gets at once. */
  private int inHand(DubTrack track) {
    return track.openSlots() - dubbing.unsent();
  }

  private boolean isPatienceOver(StsLink link, DubTrack track) {
    long now = System.nanoTime();
    if (link.accepts() || inHand(track) > 0) {
      lastUsefulNanos = now;
    }
    return now - lastUsefulNanos >= settings.patience().toNanos();
  }

  private void release(Playout playout, long watermarkUs) throws MediaException {
    DubTrack track = track();
    SoundShape shape = intake.shape();
    long untilUs = watermarkUs;
    if (track != null && shape != null && dubbing.link() != null) {
      long undecided = Math.min(track.undecidedFrom(), uncutFrom(watermarkUs));
      if (undecided != Long.MAX_VALUE) {
        // The fade at the end of the slot before depends on this one.
        SampleRate rate = shape.rate();
        untilUs = Math.min(untilUs, rate.microsAt(undecided - rate.hz() / 50));
      }
    }
    if (untilUs == Long.MAX_VALUE) {
      return;
    }
    playout.advance(untilUs);
    playout.write(Math.min(untilUs, playout.readyUs()), System.nanoTime(), dtsUs -> 0);
  }

  /** While reading, what lies in the segment that is being filled has no slot yet. */
  private long uncutFrom(long watermarkUs) {
    return watermarkUs == Long.MAX_VALUE ? Long.MAX_VALUE : cutter.currentStart();
  }

  private @Nullable DubTrack track() {
    SoundShape shape = intake.shape();
    return shape == null ? null : dubbing.track(shape.rate());
  }

  private void close() {
    StsLink link = dubbing.link();
    if (link != null) {
      link.end("source_ended");
    }
    line.close();
    cutter.close();
    dubbing.close(intake::close);
  }
}
