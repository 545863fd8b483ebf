package babelmux.bench;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads packets over RTMP without decoding them, and connects again, on a thread of its own. */
final class RtmpViewer implements SoakViewer {
  private static final SourceOptions OPTIONS =
      new SourceOptions(Duration.ofSeconds(10), Duration.ofSeconds(60));
  private static final long GAP_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long AGAIN_MILLIS = 500;
  private static final long CLOSE_SECONDS = 5;

  private final String url;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable String lastEnd;
  private volatile @Nullable Source open;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger gaps = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();

  private RtmpViewer(String url) {
    this.url = url;
    this.thread = new Thread(this::run, "rtmp-viewer");
    thread.setDaemon(true);
  }

  static RtmpViewer start(String url) {
    RtmpViewer viewer = new RtmpViewer(url);
    viewer.thread.start();
    return viewer;
  }

  private void run() {
    try {
      while (!closed) {
        read();
        ends.addAndGet(closed ? 0 : 1);
        Thread.sleep(AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    try (Source source = Source.open(url, OPTIONS)) {
      open = source;
      long last = System.nanoTime();
      for (Packet packet = closed ? null : source.read(); packet != null; packet = source.read()) {
        try (Packet read = packet) {
          bytes.addAndGet(read.size());
        }
        long now = System.nanoTime();
        gaps.addAndGet(now - last > GAP_NANOS ? 1 : 0);
        last = now;
      }
    } catch (MediaException e) {
      // Counted as an end by the caller.
      if (!closed) {
        lastEnd = e.getMessage();
      }
    } finally {
      open = null;
    }
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public int gaps() {
    return gaps.get();
  }

  @Override
  public int ends() {
    return ends.get();
  }

  @Override
  public @Nullable String lastEnd() {
    return lastEnd;
  }

  @Override
  public void close() {
    closed = true;
    Source source = open;
    if (source != null) {
      source.interrupt();
    }
    thread.interrupt();
    try {
      TimeUnit.SECONDS.timedJoin(thread, CLOSE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
