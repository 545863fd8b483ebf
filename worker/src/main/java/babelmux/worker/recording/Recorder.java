package babelmux.worker.recording;

import babelmux.media.LogFields;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.media.TrackFormat;
import babelmux.worker.output.KeptFormats;
import babelmux.worker.output.OutputBranch;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketQueue;
import babelmux.worker.output.QueuedPacket;
import babelmux.worker.session.DubListener;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Records one stream's output, with its own bounded queue and thread: a slow disk costs the
 * recording whole GOPs, a full one stops it until there is space again, and the stream does not
 * notice either.
 */
public final class Recorder implements OutputBranch {
  private static final Logger log = LoggerFactory.getLogger(Recorder.class);
  private static final long CLOSE_SECONDS = 2;

  /** Makes the files of a recording. */
  @FunctionalInterface
  interface Opener {
    RecordingFiles open(
        RecordingInfo info, OutputFormats formats, SinkOptions options, Sink.Opening asked)
        throws IOException;
  }

  private final String streamId;
  private final RecorderOptions options;
  private final RecordingListener listener;
  private final Clock clock;
  private final Opener opener;
  private final SlotBook book;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PacketQueue queue;
  private final KeptFormats formats = new KeptFormats();
  private boolean finishing;
  private boolean aborted;
  private Sink.@Nullable Opening opening;
  private RecordingState state = RecordingState.WAITING;
  private @Nullable String file;
  private @Nullable String lastError;
  private long bytes;
  private long droppedElsewhere;

  /**
   * @param streamId a stream id: letters, digits, - and _
   * @param clock names the files
   */
  public Recorder(
      String streamId, RecorderOptions options, RecordingListener listener, Clock clock) {
    this(
        streamId,
        options,
        listener,
        clock,
        (info, formats, sink, asked) ->
            RecordingFiles.create(options.directory(), info, formats, sink, asked));
  }

  Recorder(
      String streamId,
      RecorderOptions options,
      RecordingListener listener,
      Clock clock,
      Opener opener) {
    this.opener = opener;
    this.streamId = streamId;
    this.options = options;
    this.listener = listener;
    this.clock = clock;
    this.book = new SlotBook(micros(options.outputStart()));
    this.queue = new PacketQueue(options.maxQueueBytes(), micros(options.maxQueueSpan()));
    this.thread = new Thread(this::run, "record-" + streamId);
    thread.setDaemon(true);
    thread.start();
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  /** Is to be told of the slots of the dub that is recorded. */
  public DubListener slots() {
    return book;
  }

  @Override
  public void begin(OutputFormats next) {
    lock.lock();
    try {
      OutputFormats before = formats.current();
      if (aborted || (before != null && before.isSameAs(next))) {
        return;
      }
      if (before != null) {
        queue.awaitKeyVideo();
      }
      formats.next(next.copy(), queue);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(OutputPacket packet) {
    lock.lock();
    try {
      OutputFormats current = formats.current();
      if (aborted || finishing || current == null) {
        return;
      }
      if (state == RecordingState.STOPPED) {
        dropped(1);
        return;
      }
      tell(queue.add(new QueuedPacket(packet.share(), current)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void dropped(long packets) {
    droppedElsewhere += packets;
    listener.dropped(packets);
  }

  /** Of what the queue has dropped. */
  private void tell(long packets) {
    if (packets > 0) {
      listener.dropped(packets);
    }
  }

  private void run() {
    MDC.put(LogFields.STREAM, streamId);
    try {
      while (awaitWork()) {
        try {
          record();
        } catch (IOException e) {
          stopped(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
          log.error("the recording's thread failed", e);
          stopped("internal error: " + e);
        }
      }
    } catch (InterruptedException e) {
      log.debug("the recording's thread was interrupted");
    } finally {
      end();
    }
  }

  /** Waits until there is something to record; false when it is over. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!aborted && !finishing && queue.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      return !aborted && !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Writes one file after another until it is over. */
  private void record() throws IOException {
    @Nullable QueuedPacket next = take();
    while (next != null) {
      next = recordFile(next);
    }
  }

  /**
   * Writes one file.
   *
   * @param first its first packet
   * @return the first packet of the next file; null when there is none
   */
  private @Nullable QueuedPacket recordFile(QueuedPacket first) throws IOException {
    QueuedPacket next = first;
    boolean passedOn = false;
    long zeroUs = first.dtsUs();
    OutputFormats begun = first.formats();
    try (Sink.Opening asked = new Sink.Opening();
        RecordingFiles files = open(first, asked)) {
      book.restart(zeroUs);
      while (true) {
        write(files, next.packet());
        next.packet().close();
        QueuedPacket following = take();
        if (following == null) {
          passedOn = true;
          break;
        }
        next = following;
        boolean other = !following.formats().equals(begun);
        long lengthUs = following.dtsUs() - zeroUs;
        if (FileChange.isDue(other, following.startsGroup(), lengthUs, options.maxLengthUs())) {
          passedOn = true;
          files.finish();
          log.info("recorded {}, {} s", files.media(), lengthUs / 1_000_000);
          return following;
        }
      }
      files.finish();
      log.info("recorded {}, {} s", files.media(), (next.dtsUs() - zeroUs) / 1_000_000);
      return null;
    } finally {
      opening(null);
      if (!passedOn) {
        next.packet().close();
      }
    }
  }

  private RecordingFiles open(QueuedPacket first, Sink.Opening asked) throws IOException {
    opening(asked);
    TrackFormat audio = first.formats().audio();
    RecordingInfo info =
        new RecordingInfo(
            streamId,
            options.sourceLanguage(),
            options.targetLanguage(),
            clock.instant(),
            first.dtsUs(),
            audio == null ? null : audio.sampleRate());
    RecordingFiles files =
        opener.open(info, first.formats(), SinkOptions.fragmented(options.fragment()), asked);
    began(files);
    return files;
  }

  private void opening(Sink.@Nullable Opening asked) {
    lock.lock();
    try {
      opening = asked;
    } finally {
      lock.unlock();
    }
  }

  private void began(RecordingFiles files) {
    boolean again;
    lock.lock();
    try {
      again = lastError != null;
      lastError = null;
      file = files.shown();
      state = RecordingState.RECORDING;
    } finally {
      lock.unlock();
    }
    listener.began();
    if (again) {
      listener.stopped(false);
    }
    log.info("recording to {}", files.media());
  }

  private void write(RecordingFiles files, OutputPacket packet) throws IOException {
    if (files.write(packet)) {
      int size = packet.packet().size();
      lock.lock();
      try {
        bytes += size;
      } finally {
        lock.unlock();
      }
      listener.wrote(size);
    } else {
      lock.lock();
      try {
        dropped(1);
      } finally {
        lock.unlock();
      }
    }
    files.describe(book, packet.dtsUs());
  }

  /** The next packet, the caller's to close; null when there is none and it is over. */
  private @Nullable QueuedPacket take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !aborted && !finishing) {
        changed.awaitUninterruptibly();
      }
      QueuedPacket next = aborted ? null : queue.poll();
      formats.connected(next == null ? null : next.formats());
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there may be space again. */
  private void stopped(String reason) throws InterruptedException {
    boolean first;
    lock.lock();
    try {
      if (aborted) {
        return;
      }
      first = lastError == null;
      state = RecordingState.STOPPED;
      lastError = reason;
      tell(queue.restart());
    } finally {
      lock.unlock();
    }
    if (first) {
      listener.stopped(true);
    }
    log.warn(
        "recording stopped, the stream goes on; tried again every {} s while {} MiB are free: {}",
        options.retryAfter().toSeconds(),
        options.minFreeBytes() >> 20,
        reason);
    do {
      await(options.retryAfter());
    } while (!isEnding() && !hasSpace());
    lock.lock();
    try {
      state = RecordingState.WAITING;
      tell(queue.restart());
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration duration) throws InterruptedException {
    lock.lock();
    try {
      long left = duration.toNanos();
      while (left > 0 && !aborted && !finishing) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnding() {
    lock.lock();
    try {
      return aborted || finishing;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isOver() {
    return status().state() == RecordingState.CLOSED;
  }

  /** Asks the file system itself: a table of mounts, as of Java's FileStore, may lack it. */
  private boolean hasSpace() {
    return options.directory().toFile().getUsableSpace() >= options.minFreeBytes();
  }

  /** The recording's current status. Any thread. */
  public RecordingStatus status() {
    lock.lock();
    try {
      return new RecordingStatus(state, file, lastError, bytes, droppedElsewhere + queue.dropped());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void beginFinish() {
    lock.lock();
    try {
      finishing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitFinish(Duration limit) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
    boolean ended = !thread.isAlive();
    close();
    return ended;
  }

  /**
   * Closes at once; what is queued is lost, what was written stays. Blocks for at most 2 s: a disk
   * that does not answer keeps the thread, not its caller.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      aborted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      TimeUnit.SECONDS.timedJoin(thread, CLOSE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.error("the disk does not take the end of the recording");
      interrupt();
    }
  }

  /** Not before: what a file still has to get would fail, too. */
  private void interrupt() {
    lock.lock();
    try {
      if (opening != null) {
        opening.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The thread is over: closes what is left. */
  private void end() {
    boolean wasStopped;
    lock.lock();
    try {
      wasStopped = lastError != null;
      state = RecordingState.CLOSED;
      aborted = true;
      tell(queue.clear());
      formats.close();
    } finally {
      lock.unlock();
    }
    if (wasStopped) {
      listener.stopped(false);
    }
  }
}
