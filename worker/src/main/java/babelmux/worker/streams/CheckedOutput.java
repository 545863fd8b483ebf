package babelmux.worker.streams;

import babelmux.media.Secrets;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.Reading;
import babelmux.worker.readback.SentSince;
import org.jspecify.annotations.Nullable;

/**
 * An output that can be read back now.
 *
 * @param url with its credentials
 * @param connection number of the connection to it
 * @param events of its stream
 */
record CheckedOutput(
    String streamId,
    String url,
    long connection,
    boolean hasVideo,
    boolean hasAudio,
    StreamEvents events) {

  /** Notes what leaves for it from now on. */
  SentSince watchSent() {
    return events.watchSent();
  }

  void checked(Reading reading) {
    events.outputChecked(reading, Secrets.maskUrl(url));
  }

  /** What its last reading showed; null before the first one. */
  @Nullable OutputCheck last() {
    return events.outputCheck();
  }

  /** Returns whether it is the same connection of the same session. */
  boolean isSameAs(CheckedOutput other) {
    return events == other.events && connection == other.connection;
  }

  @Override
  public String toString() {
    return streamId + ": " + Secrets.maskUrl(url);
  }
}
