package babelmux.worker.output;

import babelmux.media.TrackKind;

/**
 * A packet that waits in a queue.
 *
 * @param packet whoever holds the record closes it
 * @param formats what the output carries from this packet on; whoever has the queue owns them
 */
public record QueuedPacket(OutputPacket packet, OutputFormats formats) {
  /** Returns whether it is of the video. */
  public boolean isVideo() {
    return packet.packet().kind() == TrackKind.VIDEO;
  }

  /** Returns whether a connection can begin here. */
  public boolean startsGroup() {
    return formats.video() == null || (isVideo() && packet.packet().key());
  }

  /** Decoding time of the output, microseconds. */
  public long dtsUs() {
    return packet.dtsUs();
  }

  /** Payload bytes. */
  public int size() {
    return packet.packet().size();
  }
}
