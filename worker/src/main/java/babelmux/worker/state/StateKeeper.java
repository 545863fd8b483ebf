package babelmux.worker.state;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is to survive a restart, and remembers what the disk did not take until it does: a
 * disk that takes nothing, or does not answer, costs no stream. Of several wishes for one stream
 * the last one is written; wishes for different ones are written in their order. Thread-safe; has
 * one thread that uses the disk. Only {@link #settle} and {@link #close} wait for it, both bounded.
 */
public final class StateKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateKeeper.class);

  /** Between two tries to write what was not taken. */
  public static final Duration RETRY = Duration.ofSeconds(10);

  /** A disk that is at one thing for longer than this hangs. */
  public static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  // No stream has an empty id.
  private static final String DRAIN = "";

  private final StateDirectory directory;
  private final LongSupplier nanoTime;
  private final ThreadPoolExecutor disk =
      new ThreadPoolExecutor(
          1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), StateKeeper::thread);
  // Held for moments, never while the disk is used.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  // All of these are guarded by lock. By id or key, what was wanted last, in the order of wanting.
  private final Map<String, Wish> unsaved = new LinkedHashMap<>();
  private final Set<String> due = new LinkedHashSet<>();
  private boolean passQueued;
  private int works;
  private long busySinceNanos;
  // Whoever waits next would wait in vain, too.
  private boolean hangs;
  private boolean hangTold;
  private @Nullable String reason;
  private long triedNanos;

  /** One change of the files. */
  private interface Change {
    /** Returns whether there was something to change. */
    boolean make(StateDirectory directory) throws IOException;
  }

  /**
   * A change that the disk has not taken.
   *
   * @param found completed with whether there was something to change, or may have been
   */
  private record Wish(Change change, CompletableFuture<Boolean> found) {}

  /**
   * @param directory closed with this
   * @param nanoTime monotonic clock, nanoseconds
   */
  public StateKeeper(StateDirectory directory, LongSupplier nanoTime) {
    this.directory = directory;
    this.nanoTime = nanoTime;
    // Later there may be no thread to get.
    disk.prestartAllCoreThreads();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "state-disk");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Reads what is kept, with the wishes of before. Returns at once.
   *
   * @param then told on the disk's thread, on which nothing is written meanwhile; may use {@link
   *     #wanted}
   * @param failed told why the directory cannot be read
   */
  public void read(Consumer<SavedState> then, Consumer<IOException> failed) {
    onDisk(
        () -> {
          SavedState state;
          try {
            state = directory.read();
          } catch (IOException e) {
            failed.accept(e);
            return;
          } catch (RuntimeException | Error e) {
            // Not told it would never be tried again.
            failed.accept(new IOException(e));
            return;
          }
          then.accept(state);
        });
  }

  /**
   * What was read, without what could not be written since: whoever wanted that knows it. Does not
   * block.
   */
  public SavedState wanted(SavedState read) {
    lock.lock();
    try {
      List<SavedStream> streams =
          read.streams().stream()
              .filter(stream -> !unsaved.containsKey(stream.streamId()))
              .toList();
      List<SavedDestination> destinations =
          read.destinations().stream()
              .filter(kept -> !unsaved.containsKey(keyOf(kept.streamId(), kept.name())))
              .toList();
      return new SavedState(
          streams, destinations, read.drained() && !unsaved.containsKey(DRAIN), read.skipped());
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a stream. Returns at once. */
  public void save(SavedStream stream) {
    keep(
        stream.streamId(),
        state -> {
          state.save(stream);
          return true;
        });
  }

  /**
   * Forgets a stream; one that is not kept is no error. Returns at once.
   *
   * @return whether it was kept, readable or not; not completed while the disk does not say
   */
  public CompletableFuture<Boolean> remove(String streamId) {
    return keep(streamId, state -> state.remove(streamId));
  }

  /** Keeps a destination. Returns at once. */
  public void save(SavedDestination destination) {
    keep(
        keyOf(destination.streamId(), destination.name()),
        state -> {
          state.save(destination);
          return true;
        });
  }

  /** Forgets a destination; one that is not kept is no error. Returns at once. */
  public void remove(String streamId, String name) {
    keep(keyOf(streamId, name), state -> state.remove(streamId, name));
  }

  /** A key that no stream's id is. */
  private static String keyOf(String streamId, String name) {
    return "destination %s of %s".formatted(name, streamId);
  }

  /** Keeps, or forgets, that the worker is drained. Returns at once. */
  public void drained(boolean drained) {
    keep(
        DRAIN,
        state -> {
          state.drained(drained);
          return true;
        });
  }

  private CompletableFuture<Boolean> keep(String id, Change change) {
    lock.lock();
    try {
      Wish wish = new Wish(change, new CompletableFuture<>());
      // Behind all others, also when there was an older wish.
      Wish older = unsaved.remove(id);
      unsaved.put(id, wish);
      due.remove(id);
      due.add(id);
      if (older != null) {
        older.found().complete(true);
        wish.found().complete(false);
      }
      queuePass();
      return wish.found();
    } finally {
      lock.unlock();
    }
  }

  private void queuePass() {
    if (!passQueued) {
      passQueued = true;
      onDisk(this::writeDue);
    }
  }

  private void onDisk(Runnable work) {
    lock.lock();
    try {
      if (works == 0) {
        busySinceNanos = nanoTime.getAsLong();
      }
      works++;
    } finally {
      lock.unlock();
    }
    try {
      disk.execute(() -> run(work));
    } catch (RejectedExecutionException e) {
      log.debug("{} is closed", directory, e);
      answered(1);
    }
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      log.error("the use of {} failed", directory, e);
    } finally {
      answered(1);
    }
  }

  /** The disk has done something, and so many works are over. */
  private void answered(int over) {
    lock.lock();
    try {
      works -= over;
      busySinceNanos = nanoTime.getAsLong();
      hangs = false;
      if (hangTold) {
        hangTold = false;
        log.info("state-dir {} answers again", directory);
      }
      if (works == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The disk's thread. */
  private void writeDue() {
    for (String id = nextDue(); id != null; id = nextDue()) {
      Wish wish = wish(id);
      if (wish != null) {
        write(id, wish);
        answered(0);
      }
    }
  }

  private @Nullable String nextDue() {
    lock.lock();
    try {
      Iterator<String> all = due.iterator();
      passQueued = all.hasNext();
      if (!passQueued) {
        return null;
      }
      String next = all.next();
      all.remove();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Wish wish(String id) {
    lock.lock();
    try {
      return unsaved.get(id);
    } finally {
      lock.unlock();
    }
  }

  private void write(String id, Wish wish) {
    try {
      boolean found = wish.change().make(directory);
      written(id, wish);
      wish.found().complete(found);
    } catch (IOException | RuntimeException | Error e) {
      notWritten(e);
      // It may be there.
      wish.found().complete(true);
    }
  }

  private void written(String id, Wish wish) {
    lock.lock();
    try {
      unsaved.remove(id, wish);
      if (reason != null && unsaved.isEmpty()) {
        reason = null;
        log.info("{} can be written again, and everything is kept", directory);
      }
    } finally {
      lock.unlock();
    }
  }

  private void notWritten(Throwable failure) {
    lock.lock();
    try {
      boolean wasWell = reason == null;
      reason = failure.toString();
      triedNanos = nanoTime.getAsLong();
      if (wasWell) {
        log.error("{}", trouble().orElse(""));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tries again what could not be written, when it is time for that. Returns at once. */
  public void retry() {
    lock.lock();
    try {
      if (reason != null && nanoTime.getAsLong() - triedNanos >= RETRY.toNanos()) {
        due.addAll(unsaved.keySet());
        queuePass();
      }
      if (isHanging() && !hangTold) {
        hangTold = true;
        log.error("{}", trouble().orElse(""));
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isHanging() {
    return works > 0 && nanoTime.getAsLong() - busySinceNanos >= PATIENCE.toNanos();
  }

  /**
   * Waits until the disk has nothing to do: what could be written is. At most {@link #PATIENCE},
   * and not at all while the disk hangs.
   */
  public void settle() {
    settle(PATIENCE);
  }

  private boolean settle(Duration limit) {
    lock.lock();
    try {
      long left = hangs ? 0 : limit.toNanos();
      while (works > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
      hangs = works > 0;
      return !hangs;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** What is not kept, and why, in one sentence; empty when everything is. Does not block. */
  public Optional<String> trouble() {
    lock.lock();
    try {
      boolean hanging = isHanging();
      if (reason == null && !hanging) {
        return Optional.empty();
      }
      String what =
          unsaved.isEmpty()
              ? ""
              : "; not kept yet: "
                  + String.join(
                      ", ",
                      unsaved.keySet().stream()
                          .map(id -> id.equals(DRAIN) ? "the drain" : id)
                          .toList());
      return Optional.of(
          hanging
              ? "state-dir %s does not answer%s".formatted(directory, what)
              : "state-dir %s cannot be written: %s%s; tried again every %d s"
                  .formatted(directory, reason, what, RETRY.toSeconds()));
    } finally {
      lock.unlock();
    }
  }

  /** Tries once more what could not be written; waits for the disk at most 5 s. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (disk.isShutdown()) {
        return;
      }
      due.addAll(unsaved.keySet());
      if (!due.isEmpty()) {
        queuePass();
      }
      hangs = false;
    } finally {
      lock.unlock();
    }
    if (settle(CLOSE_LIMIT)) {
      directory.close();
    } else {
      log.warn("{}", trouble().orElse("state-dir %s is still being written".formatted(directory)));
    }
    disk.shutdown();
  }

  /** The directory, for messages. */
  @Override
  public String toString() {
    return directory.toString();
  }
}
