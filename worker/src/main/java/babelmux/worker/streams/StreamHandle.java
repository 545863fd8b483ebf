package babelmux.worker.streams;

import babelmux.hooks.SourceEvent;
import babelmux.worker.session.SessionFailure;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One stream as the registry sees it, from the hook that started it to its last packet.
 * Thread-safe; no method blocks where it does not say so. What is asked of it before it has begun
 * is done when it has.
 */
interface StreamHandle {

  /** The source that it reads now; for a posted stream, one with an empty path. */
  SourceEvent source();

  /** Returns whether the API asked for it: it has no path on MediaMTX. */
  boolean isPosted();

  /**
   * Another source, or the same one again, is on the path.
   *
   * @return false when this stream reads no more: the source needs another one
   */
  boolean sourceIs(SourceEvent event);

  /** The source is there (again): it is tried at once. */
  void sourceAvailable();

  /** MediaMTX answers: an output there that is down is tried at once. */
  void serverAnswers();

  /** The source is said to be gone. */
  void sourceGone();

  /** Returns whether it has ever read a packet. */
  boolean hasRead();

  /** Returns whether its source is lost just now, or could not be opened yet. */
  boolean isSourceLost();

  /** Returns whether it reads no more: what was read is leaving. */
  boolean isLeaving();

  /** Reads no more; what was read leaves at its time. */
  void drain();

  /** Ends at once; what has not left is lost. */
  void stop();

  /** Ends at once; it has failed for this reason. One that has not begun never begins. */
  void fail(SessionFailure reason);

  /** Takes its dubs off air or puts them back; nothing else of it changes. */
  AirVerdict bypass(BypassRequest request);

  /** Keeps the dub of a slot off air, as long as nothing of it is mixed. */
  AirVerdict veto(long slot);

  /** Its output on MediaMTX when the connection there was made and lost; else null. */
  @Nullable OutputOutage outage();

  /** Its output when it can be read back now; else null. */
  @Nullable CheckedOutput checkedOutput();

  /** Its output is read back no longer. */
  void outputUnchecked();

  /** Completed when its connections to destinations are closed. */
  CompletableFuture<Void> outputOver();

  /** Completed when everything of it is closed. */
  CompletableFuture<Void> over();

  /** The time at which it was accepted, monotonic clock. */
  long startedNanos();

  /**
   * The time at which the last packet was read, monotonic clock; at which it was accepted if there
   * was none.
   */
  long lastReadNanos();

  /** What it holds and how fast that grows. */
  Capacity.Running load();

  /** It is to be sent to one more destination. May wait some seconds until it has begun. */
  DestinationVerdict add(DestinationRequest request) throws InterruptedException;

  /** As {@link #add}, when it has begun; does not block. A refusal is told in the log. */
  void addOnceBegun(DestinationRequest request);

  /** It is to be sent to one destination less. May wait some seconds until it has begun. */
  DestinationVerdict remove(String destination) throws InterruptedException;

  /** The stream's status; after its end, how it ended. */
  StreamStatus status();

  /** Its words and its output; null when it has not begun. */
  default @Nullable StreamCaptions captions() {
    return null;
  }

  /** All that is known about it. */
  default StreamDebug debug() {
    return StreamDebug.of(status());
  }
}
