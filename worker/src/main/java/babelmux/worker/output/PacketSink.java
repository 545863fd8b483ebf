package babelmux.worker.output;

import babelmux.media.MediaException;

/** Takes the finished output, in the order of its decoding times. One thread. */
public interface PacketSink {
  /**
   * The output begins, or goes on with other formats.
   *
   * @param formats stay the caller's
   */
  void begin(OutputFormats formats) throws MediaException;

  /**
   * @param packet stays the caller's
   */
  void write(OutputPacket packet) throws MediaException;

  /**
   * What was written may leave: nothing more comes for now. Whoever waits for packets is woken once
   * for all of them.
   */
  default void flush() throws MediaException {}
}
