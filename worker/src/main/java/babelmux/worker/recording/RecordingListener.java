package babelmux.worker.recording;

/**
 * Receives what happens to a recording, on its threads. Must not block. Does nothing unless
 * overridden.
 */
public interface RecordingListener {
  /** A file was begun. */
  default void began() {}

  /** Payload bytes were written. */
  default void wrote(int bytes) {}

  /** Packets are in no file: the disk is too slow, or the recording is stopped. */
  default void dropped(long packets) {}

  /** The recording stops because of an error, or goes on. Each change once. */
  default void stopped(boolean stopped) {}
}
