package babelmux.worker.recording;

import java.util.Locale;

/** States of a recording. */
public enum RecordingState {
  /** Nothing was to be written yet, or a file is waiting for a keyframe to begin with. */
  WAITING,
  /** A file is being written. */
  RECORDING,
  /** A file could not be written; it is tried again, and the stream goes on. */
  STOPPED,
  /** Over. */
  CLOSED;

  /** As the API shows it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
