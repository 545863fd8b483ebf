package babelmux.worker.streams;

import babelmux.media.Secrets;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.Reading;
import babelmux.worker.readback.SentSince;

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

  /** Returns whether viewers got less than they should, when it was last read back. */
  boolean isBad() {
    OutputCheck last = events.outputCheck();
    return last != null && last.isBad();
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
