package babelmux.testmedia;

import babelmux.media.FfmpegLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A publisher or a viewer at work, on a thread of its own. Whoever starts it closes it. Any thread
 * may ask.
 */
public final class MediaTask implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** Work of a task; its thread runs and closes it. */
  interface Work extends AutoCloseable {
    /** Works to the end. */
    void run() throws IOException;

    /** Packets written so far. Any thread. */
    long packets();

    /** Ends {@link #run()} soon, in an orderly way. Any thread. */
    void stop();

    /** Ends {@link #run()} at once, and keeps everything else from being written. Any thread. */
    void kill();

    @Override
    void close();
  }

  private final Work work;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile String said = "";
  private volatile boolean stopped;

  private MediaTask(Work work) {
    this.work = work;
  }

  static MediaTask start(String name, Work work) {
    MediaTask task = new MediaTask(work);
    Thread thread = new Thread(task::run, name + "-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /**
   * Starts what a command line of the ffmpeg program says, as far as {@link ClipMaker} knows it.
   */
  public static MediaTask start(String... arguments) {
    return start("transfer", new Transfer(Arguments.parse(List.of(arguments))));
  }

  // Whatever ends the work is what the task says.
  @SuppressWarnings("CatchAndPrintStackTrace")
  private void run() {
    FfmpegLog.clear();
    try {
      work.run();
    } catch (IOException | RuntimeException | Error e) {
      if (!stopped) {
        String message = e.getMessage();
        said = message == null || !(e instanceof IOException) ? e.toString() : message;
      }
    } finally {
      try {
        work.close();
      } finally {
        ended.countDown();
      }
    }
  }

  /** True when it has not ended yet. */
  public boolean isRunning() {
    return ended.getCount() > 0;
  }

  /** Packets written so far. */
  public long packets() {
    return work.packets();
  }

  /**
   * Waits for its end.
   *
   * @return whether it ended within the limit
   */
  public boolean await(Duration limit) throws InterruptedException {
    return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why it failed, with FFmpeg's own words; empty when nothing was wrong or it was stopped. */
  public String said() {
    return said;
  }

  /**
   * Ends it as kill -9 ends a program: nothing more is written, its connection is closed without a
   * word. Returns when that is done, or after 5 s.
   */
  public void kill() {
    stopped = true;
    work.kill();
    join();
  }

  /**
   * Ends it in an orderly way: a file gets its end, a server its closing handshake. At most 10 s.
   */
  @Override
  public void close() {
    stopped |= isRunning();
    work.stop();
    if (!join()) {
      work.kill();
      join();
    }
  }

  private boolean join() {
    try {
      return await(CLOSING);
    } catch (InterruptedException e) {
      work.kill();
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
