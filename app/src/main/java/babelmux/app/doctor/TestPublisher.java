package babelmux.app.doctor;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.worker.readback.SentSince;
import babelmux.worker.session.SessionOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the {@link TestClip}, again and again, as an encoder would, with times that begin at 3
 * s: a path is then available at once. {@link #run} blocks on a thread of its own until {@link
 * #stop} or a failure; everything else may be called from any thread.
 */
final class TestPublisher implements Runnable {
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(6);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(5);

  private final String url;
  private final Sink.Opening opening = new Sink.Opening();
  private final List<SentSince> watchers = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;
  private volatile long sentMs = -1;
  private volatile @Nullable Failure failure;

  /**
   * The end that was not asked for.
   *
   * @param sentMs how much had been sent; negative when no connection was made
   * @param message without secrets
   */
  record Failure(MediaException.Kind kind, String message, long sentMs) {}

  /**
   * @param url with its credentials
   */
  TestPublisher(String url) {
    this.url = url;
  }

  @Override
  public void run() {
    try (TestClip clip = new TestClip();
        Sink sink =
            Sink.open(
                url,
                clip.video(),
                clip.audio(),
                new SinkOptions(OPEN_LIMIT, WRITE_LIMIT),
                opening)) {
      sentMs = 0;
      send(clip, sink);
      sink.finish();
    } catch (MediaException e) {
      if (!stopped) {
        failure = new Failure(e.kind(), String.valueOf(e.getMessage()), sentMs);
      }
    } catch (IOException e) {
      failure = new Failure(MediaException.Kind.OURS, e.toString(), sentMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      opening.close();
    }
  }

  private void send(TestClip clip, Sink sink) throws MediaException, InterruptedException {
    long beginNanos = System.nanoTime();
    for (long round = 0; !stopped; round++) {
      for (TestClip.Timed timed : clip.packets()) {
        long us = round * TestClip.LENGTH_US + timed.us();
        long dueNanos = beginNanos + us * 1000;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, dueNanos - System.nanoTime()));
        if (stopped) {
          return;
        }
        long at = SessionOptions.LIVE_START.toNanos() / 1000 + us;
        sink.write(timed.packet(), at, at);
        sentMs = us / 1000;
        for (SentSince watcher : watchers) {
          watcher.sent(timed.packet().kind(), timed.packet().key(), at, System.nanoTime());
        }
      }
    }
  }

  /** Notes what is sent from now on. */
  SentSince watchSent() {
    SentSince watcher = new SentSince();
    watchers.add(watcher);
    return watcher;
  }

  /** How much has been sent, milliseconds of media; negative before there is a connection. */
  long sentMs() {
    return sentMs;
  }

  /** Why it ended without having been stopped; null while it has not. */
  @Nullable Failure failure() {
    return failure;
  }

  /** Ends it in order; one that is still connecting at once. */
  void stop() {
    stopped = true;
    if (sentMs < 0) {
      opening.interrupt();
    }
  }

  /** Ends it at once. */
  void abort() {
    stopped = true;
    opening.interrupt();
  }
}
