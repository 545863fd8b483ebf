package babelmux.bench;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a {@link SoakFilm} to one RTMP URL in real time, again and again, on a thread of its
 * own, until it is closed or the server refuses. Whoever started it closes it.
 */
final class SoakPublisher implements AutoCloseable {
  // MediaMTX shows a stream at once when its first time is 2 s or later.
  private static final long FIRST_TIME_US = 3_000_000;
  private static final long CLOSE_LIMIT_MILLIS = 5_000;

  private final SoakFilm film;
  private final String url;
  private final int first;
  private final Thread thread;
  private final Sink.Opening opening = new Sink.Opening();
  private volatile @Nullable Sink sink;
  private volatile boolean closed;
  private volatile @Nullable String failure;

  private SoakPublisher(SoakFilm film, String url, int first) {
    this.film = film;
    this.url = url;
    this.first = first;
    this.thread = new Thread(this::run, "publisher");
  }

  /**
   * Starts; the connection is made on the publisher's thread.
   *
   * @param first the entry of the film that is sent first, a keyframe
   */
  static SoakPublisher start(SoakFilm film, String url, int first) {
    SoakPublisher publisher = new SoakPublisher(film, url, first);
    publisher.thread.setDaemon(true);
    publisher.thread.start();
    return publisher;
  }

  /** Why it ended; null while it publishes. Any thread. */
  @Nullable String failure() {
    return failure;
  }

  private void run() {
    try (Sink opened =
        Sink.open(url, film.video(), film.audio(), SinkOptions.defaults(), opening)) {
      sink = opened;
      publish(opened);
    } catch (MediaException e) {
      failure = e.getMessage();
    } catch (InterruptedException e) {
      failure = "interrupted";
    } catch (RuntimeException | Error e) {
      failure = e.toString();
      throw e;
    }
  }

  private void publish(Sink to) throws MediaException, InterruptedException {
    List<SoakFilm.Entry> entries = film.entries();
    long zeroUs = entries.get(first).dtsUs() - FIRST_TIME_US;
    long begin = System.nanoTime();
    int at = first;
    for (long repetition = 0; !closed; repetition++) {
      for (; at < entries.size() && !closed; at++) {
        SoakFilm.Entry entry = entries.get(at);
        long timeUs = repetition * SoakFilm.LENGTH_US + entry.dtsUs() - zeroUs;
        long aheadNanos = begin + (timeUs - FIRST_TIME_US) * 1000 - System.nanoTime();
        if (aheadNanos > 0) {
          TimeUnit.NANOSECONDS.sleep(aheadNanos);
        }
        to.write(entry.packet(), timeUs + entry.ptsUs() - entry.dtsUs(), timeUs);
      }
      at = 0;
    }
  }

  /** Ends the publishing; waits for the thread, so that the film can be closed afterwards. */
  @Override
  public void close() {
    closed = true;
    opening.interrupt();
    Sink current = sink;
    if (current != null) {
      current.interrupt();
    }
    thread.interrupt();
    try {
      thread.join(CLOSE_LIMIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
