package babelmux.worker.session;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.LogFields;
import babelmux.media.MediaException;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import babelmux.worker.sound.Dub;
import babelmux.worker.sound.Fit;
import babelmux.worker.sound.FitAction;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sound.Limiter;
import babelmux.worker.sound.Loudness;
import babelmux.worker.sound.SpeechSpan;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One dub of a stream: submits fragments to its STS link and puts what comes back into its slots.
 * Answers are decoded on the shared pool; whatever goes wrong there costs one segment its dub and
 * nothing else. It knows nothing of other dubs.
 */
final class SegmentDubber {
  private static final Logger log = LoggerFactory.getLogger(SegmentDubber.class);

  // Far more than anybody says in a segment.
  private static final int MAX_TEXT = 500;

  private final DubSpec spec;
  private final Executor pool;
  private final PipelineDriver driver;
  private final int maxTries;
  private final Queue<Attempt> unsent = new ConcurrentLinkedQueue<>();
  private final DeadDubs deadDubs;
  private volatile @Nullable StsLink link;
  private volatile @Nullable DubTimeline timeline;
  private boolean opened;

  /**
   * @param pool for decoding answers; shared
   * @param maxTries how often a fragment is submitted that was lost with its connection or met an
   *     open breaker; from the second time on by {@link #sendAgain}
   */
  SegmentDubber(DubSpec spec, Executor pool, PipelineDriver driver, int maxTries) {
    this.spec = spec;
    this.pool = pool;
    this.driver = driver;
    this.maxTries = maxTries;
    this.deadDubs = new DeadDubs(spec.listener());
  }

  /** A segment that is to be submitted as soon as its fragment is made. */
  record Request(
      SegmentDubber dubber,
      Segment segment,
      String fragmentId,
      SoundShape shape,
      DubTimeline timeline,
      StsLink link,
      long generation,
      long deadlineNanos) {

    /** There will be no dub: the first decision counts. */
    void refuse(FallbackReason reason, String detail) {
      timeline.refuse(segment.index(), reason, detail);
    }

    boolean wantsLoudness() {
      return dubber.spec.sound().loudness() != null;
    }

    void measured(Loudness original) {
      timeline.measured(segment.index(), original);
    }

    /** The fragment is made. */
    void submit(byte[] m4a) {
      dubber.submit(new Attempt(this, m4a, 1, ""), link, generation);
    }
  }

  /** A fragment, and how often it has been submitted. */
  private record Attempt(Request request, byte[] m4a, int tries, String trouble) {
    Attempt again(String why) {
      return new Attempt(request, m4a, tries + 1, why);
    }
  }

  String name() {
    return spec.name();
  }

  DubListener listener() {
    return spec.listener();
  }

  /** There is audio: connects. Returns at once. Reader only. */
  void open(SoundShape shape) {
    if (!opened) {
      opened = true;
      link = spec.linkOpener().apply(shape);
    }
  }

  /** The link; null while there is no audio, and when nothing is to be dubbed. Any thread. */
  @Nullable StsLink link() {
    return link;
  }

  /** This dub's timeline. The first caller, reader or output thread, makes it. */
  synchronized DubTimeline timeline(SampleRate rate) {
    DubTimeline current = timeline;
    if (current == null) {
      current = new DubTimeline(rate.hz(), spec.sound(), spec.listener(), driver::wakeReader);
      timeline = current;
    }
    return current;
  }

  /** Makes the mix of original and dubs for the output thread. */
  Mixdown mixdown(SoundShape shape) {
    SampleRate rate = shape.rate();
    Limiter limiter = spec.sound().isMixed() ? new Limiter(rate.hz(), shape.channels()) : null;
    return new Mixdown(timeline(rate), limiter, rate, spec.listener());
  }

  /** Bits per second of this dub's audio. */
  int bitRate(SoundShape shape) {
    return shape.bitRate(spec.bitRate());
  }

  /** See {@link DubSpec#copiesAudio}. */
  boolean copiesAudio() {
    return spec.copiesAudio();
  }

  /**
   * A segment was cut. Reader only.
   *
   * @param arrivedNanos when its first sample arrived
   * @return what is to be submitted; null when the segment is not sent
   */
  @Nullable Request request(Segment segment, long arrivedNanos, SoundShape shape) {
    StsLink current = link;
    if (current == null) {
      return null;
    }
    SampleRate rate = shape.rate();
    long startUs = rate.microsAt(segment.startSample());
    DubTimeline timeline = timeline(rate);
    // One name from here until its slot has left, also where it is never sent.
    String fragmentId = UUID.randomUUID().toString();
    spec.listener()
        .segment(segment.index(), fragmentId, startUs, rate.microsAt(segment.endSample()));
    boolean inTime = timeline.open(segment, fragmentId, arrivedNanos);
    long generation = current.generation();
    boolean send = inTime && generation != 0;
    spec.listener().cut(segment.index(), send);
    if (!send) {
      refuseUnsent(segment, current, timeline);
      return null;
    }
    long deadlineNanos = driver.answerDueNanos(startUs, rate);
    return new Request(
        this, segment, fragmentId, shape, timeline, current, generation, deadlineNanos);
  }

  private static void refuseUnsent(Segment segment, StsLink current, DubTimeline timeline) {
    if (current.status().state() == LinkState.PASS_THROUGH) {
      timeline.refuse(segment.index(), FallbackReason.ERROR, "the STS has refused the stream");
    } else {
      timeline.refuse(segment.index(), FallbackReason.DISCONNECTED, "the STS link was not ready");
    }
  }

  private void submit(Attempt attempt, StsLink current, long generation) {
    Request request = attempt.request();
    Segment segment = request.segment();
    SampleRate rate = request.shape().rate();
    StsFragment fragment =
        new StsFragment(
            request.fragmentId(),
            segment.index(),
            generation,
            rate.microsAt(segment.startSample()) * 1000,
            segment.samples(),
            rate.hz(),
            request.shape().sentChannels(),
            "m4a",
            attempt.m4a(),
            request.deadlineNanos());
    current
        .submit(fragment)
        .thenAcceptAsync(
            outcome -> LogFields.ofSegment(request.fragmentId(), () -> answered(outcome, attempt)),
            pool)
        .exceptionally(
            e -> {
              log.error("segment {}: the answer could not be used", segment.index(), e);
              request.refuse(FallbackReason.ERROR, "internal error");
              return null;
            });
  }

  /** The number of fragments that came back unsent and wait for {@link #sendAgain}. */
  int unsent() {
    return unsent.size();
  }

  /** Submits the oldest fragment that came back unsent again, if there is one. */
  void sendAgain() {
    StsLink current = link;
    Attempt attempt = current == null ? null : unsent.poll();
    if (current != null && attempt != null) {
      submit(attempt, current, current.generation());
    }
  }

  /** The link stays away: what came back unsent falls back to the original. */
  void giveUpUnsent() {
    for (Attempt attempt = unsent.poll(); attempt != null; attempt = unsent.poll()) {
      attempt.request().refuse(FallbackReason.DISCONNECTED, attempt.trouble());
    }
  }

  private void answered(StsOutcome outcome, Attempt attempt) {
    if (outcome instanceof StsOutcome.Fallback fallback) {
      boolean mayHelp =
          fallback.reason() == FallbackReason.DISCONNECTED
              || fallback.reason() == FallbackReason.BREAKER_OPEN;
      if (mayHelp && attempt.tries() < maxTries) {
        unsent.add(attempt.again(fallback.detail()));
      } else {
        attempt.request().refuse(fallback.reason(), fallback.detail());
      }
    } else if (outcome instanceof StsOutcome.Dub dub) {
      Sound heard = place(dub, attempt);
      dub.used(heard != null);
      tellWords(dub, attempt, heard);
    }
  }

  /** Last, so that neither the slot nor the service waits for it. */
  private void tellWords(StsOutcome.Dub dub, Attempt attempt, @Nullable Sound heard) {
    Request request = attempt.request();
    Segment segment = request.segment();
    DeadDubs.Sent sent = new DeadDubs.Sent(attempt.m4a(), segment, request.shape());
    try {
      spec.listener()
          .words(
              segment.index(),
              new SlotWords(
                  dub.transcript(),
                  dub.translatedText(),
                  () -> sent.sound().map(SpeechSpan::of).orElse(List.of()),
                  () -> heard == null ? List.of() : SpeechSpan.of(heard)));
    } catch (RuntimeException | Error e) {
      log.error("segment {}: its words could not be used", segment.index(), e);
    }
  }

  /** The sound that will be heard in the slot; null when the dub is not used. */
  private @Nullable Sound place(StsOutcome.Dub dub, Attempt attempt) {
    Request request = attempt.request();
    Segment segment = request.segment();
    request.timeline().said(segment.index(), shown(dub.transcript()), shown(dub.translatedText()));
    int hz = request.shape().rate().hz();
    try {
      int most = (int) (segment.samples() * Fit.ABSURD * 48_000 / hz) + 192_000;
      Sound decoded =
          AudioClipDecoder.decode(
              dub.audio(),
              new AudioClipHint(dub.format(), dub.sampleRateHz(), dub.channels(), most));
      Sound sound = SampleConverter.convert(decoded, hz, request.shape().channels());
      if (!Dub.isSound(sound)) {
        throw new MediaException(
            MediaException.Kind.INVALID, "a dub with samples far beyond full scale");
      }
      FitPlan plan = Fit.plan(sound, segment.samples(), spec.sound().fit());
      if (plan.action() == FitAction.REFUSED) {
        spec.listener().fitted(segment.index(), plan);
        throw new MediaException(
            MediaException.Kind.INVALID,
            "a dub of %d samples for a segment of %d".formatted(sound.frames(), segment.samples()));
      }
      Sound heard = Fit.apply(sound, plan);
      Dub fitted = Dub.of(heard, spec.sound());
      if (!request.timeline().fill(segment.index(), fitted)) {
        fitted.close();
        return null;
      }
      inspect(attempt, plan, sound);
      return heard;
    } catch (MediaException e) {
      request.refuse(FallbackReason.INVALID_OUTPUT, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static @Nullable String shown(@Nullable String text) {
    if (text == null || text.length() <= MAX_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return text.substring(0, end) + "...";
  }

  /** The dub has its place already: whatever goes wrong here must not count as its failure. */
  private void inspect(Attempt attempt, FitPlan plan, Sound sound) {
    Segment segment = attempt.request().segment();
    try {
      spec.listener().fitted(segment.index(), plan);
      deadDubs.played(sound, new DeadDubs.Sent(attempt.m4a(), segment, attempt.request().shape()));
    } catch (RuntimeException | Error e) {
      log.error("segment {}: its dub is played, but could not be inspected", segment.index(), e);
    }
  }

  /**
   * Ends the link, which never holds up its caller.
   *
   * @param orderly whether answers in flight are waited for, and the service is told of the end
   */
  void endLink(boolean orderly) {
    StsLink current = link;
    if (current != null && orderly) {
      current.end("source_ended");
    } else if (current != null) {
      current.close();
    }
  }

  /** Nothing is mixed any more: the dubs' memory goes. Answers that still come are dropped. */
  void closeTimeline() {
    DubTimeline timeline = this.timeline;
    if (timeline != null) {
      timeline.close();
    }
  }

  @Override
  public String toString() {
    return "dub " + spec.name();
  }
}
