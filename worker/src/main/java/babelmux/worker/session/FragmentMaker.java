package babelmux.worker.session;

import babelmux.media.AudioClipEncoder;
import babelmux.media.FragmentM4a;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import babelmux.worker.concurrent.SerialExecutor;
import babelmux.worker.sound.Loudness;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what a segment sends, once for all dubs, on the shared pool, and gives it to each dub. What
 * goes wrong with a segment costs its dubs; what goes wrong with one dub costs that dub alone.
 */
final class FragmentMaker {
  private static final Logger log = LoggerFactory.getLogger(FragmentMaker.class);
  private static final int FRAGMENT_BIT_RATE = 128_000;
  private static final long CLOSE_SECONDS = 5;

  private final List<SegmentDubber> dubbers;
  private final Survivors<SegmentDubber> cutting;
  // The services get the segments in their order, however fast they come.
  private final SerialExecutor inTurn;
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private int making;
  private boolean closed;

  /**
   * @param pool for making fragments; shared
   */
  FragmentMaker(List<SegmentDubber> dubbers, Executor pool) {
    this.dubbers = List.copyOf(dubbers);
    this.cutting = new Survivors<>(dubbers);
    this.inTurn = new SerialExecutor(pool);
  }

  /** There is audio: connects the links. Returns at once. Reader only. */
  void open(SoundShape shape) {
    each(dubber -> dubber.open(shape));
  }

  private void each(Survivors.Action<SegmentDubber> action) {
    try {
      cutting.each(action);
    } catch (MediaException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes ownership of a segment that was cut. Reader only; does not wait. */
  void cut(CutSegment cut, SoundShape shape) {
    boolean submitted = false;
    try {
      List<SegmentDubber.Request> requests = new ArrayList<>();
      each(dubber -> add(requests, dubber.request(cut.segment(), cut.arrivedNanos(), shape)));
      submitted = !requests.isEmpty() && submit(cut, shape, requests);
    } finally {
      if (!submitted) {
        cut.close();
      }
    }
  }

  private static void add(
      List<SegmentDubber.Request> requests, SegmentDubber.@Nullable Request request) {
    if (request != null) {
      requests.add(request);
    }
  }

  /** Tells whether the segment is closed by whoever makes the fragment. */
  private boolean submit(CutSegment cut, SoundShape shape, List<SegmentDubber.Request> requests) {
    begin();
    boolean submitted = false;
    try {
      inTurn.execute(() -> make(cut, shape, requests));
      submitted = true;
    } catch (RejectedExecutionException e) {
      refuse(requests, FallbackReason.OVERLOAD, "the worker is shutting down");
    } catch (OutOfMemoryError e) {
      refuse(requests, FallbackReason.OVERLOAD, "could not create thread");
    } finally {
      if (!submitted) {
        done();
      }
    }
    return submitted;
  }

  private static void refuse(
      List<SegmentDubber.Request> requests, FallbackReason reason, String detail) {
    Runnable[] refusals =
        requests.stream()
            .map(request -> (Runnable) () -> request.refuse(reason, detail))
            .toArray(Runnable[]::new);
    Throwable thrown = Steps.runAll(refusals);
    if (thrown != null) {
      log.debug("a listener failed", thrown);
    }
  }

  private synchronized void begin() {
    making++;
  }

  private void done() {
    boolean last;
    synchronized (this) {
      making--;
      last = closed && making == 0;
    }
    if (last) {
      idle.complete(null);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void make(CutSegment cut, SoundShape shape, List<SegmentDubber.Request> requests) {
    long index = cut.segment().index();
    try (cut) {
      if (isClosed()) {
        refuse(requests, FallbackReason.DISCONNECTED, "the session has ended");
        return;
      }
      measure(cut, shape, requests);
      byte[] m4a = fragment(cut, shape.rate(), shape.sentChannels());
      requests.forEach(request -> submit(request, m4a));
    } catch (MediaException e) {
      log.warn("segment {} could not be made into a fragment: {}", index, e.getMessage());
      refuse(requests, FallbackReason.ERROR, String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      log.error("segment {} could not be made into a fragment", index, e);
      refuse(requests, FallbackReason.ERROR, "internal error");
    } finally {
      done();
    }
  }

  private static void submit(SegmentDubber.Request request, byte[] m4a) {
    try {
      request.submit(m4a);
    } catch (Throwable e) {
      log.error("segment {} could not be submitted", request.segment().index(), e);
      request.refuse(FallbackReason.ERROR, "internal error");
    }
  }

  private static void measure(
      CutSegment cut, SoundShape shape, List<SegmentDubber.Request> requests)
      throws MediaException {
    if (requests.stream().anyMatch(SegmentDubber.Request::wantsLoudness)) {
      Loudness original = Loudness.of(decoded(cut, shape.rate(), shape.channels()));
      requests.forEach(request -> request.measured(original));
    }
  }

  private static byte[] fragment(CutSegment cut, SampleRate rate, int channels)
      throws MediaException {
    Segment segment = cut.segment();
    List<TimedPacket> parts = cut.packets();
    if (parts.isEmpty()) {
      throw new MediaException(MediaException.Kind.INVALID, "a segment without packets");
    }
    TimedPacket first = parts.get(0);
    TrackFormat format = first.format();
    if (format.isAac()
        && format.sampleRate() == rate.hz()
        && format.channels() <= channels
        && format.frameSamples() > 0
        && cut.isContiguous()) {
      List<Packet> packets = parts.stream().map(TimedPacket::packet).toList();
      int skip = (int) (segment.startSample() - first.startSample());
      return FragmentM4a.of(packets, format, skip, segment.samples(), format.frameSamples());
    }
    return AudioClipEncoder.m4a(decoded(cut, rate, channels), FRAGMENT_BIT_RATE);
  }

  private static Sound decoded(CutSegment cut, SampleRate rate, int channels)
      throws MediaException {
    Segment segment = cut.segment();
    float[][] out = new float[channels][segment.samples()];
    try (OriginalSound sound = new OriginalSound(rate.hz(), channels, new SessionListener() {})) {
      for (TimedPacket packet : cut.packets()) {
        sound.add(packet);
      }
      sound.finish();
      sound.read(out, segment.startSample(), segment.samples());
    }
    return new Sound(out, rate.hz());
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
    inTurn.withdraw().forEach(Runnable::run);
    CompletableFuture<Void> freed = idle.thenRun(() -> giveBack(free));
    boolean none;
    synchronized (this) {
      none = making == 0;
    }
    if (none) {
      idle.complete(null);
    }
    try {
      freed.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.warn("fragments are still being made after the session's end");
    } catch (ExecutionException e) {
      throw new IllegalStateException("what a session held could not be freed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveBack(Runnable formats) {
    dubbers.forEach(SegmentDubber::closeTimeline);
    formats.run();
  }
}
