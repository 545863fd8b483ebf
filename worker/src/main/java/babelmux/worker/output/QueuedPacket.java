package babelmux.worker.output;

import babelmux.media.TrackKind;

/**
 * A packet that waits in a destination's queue.
 *
 * @param packet whoever holds the record closes it
 * @param formats what the output carries from this packet on; the destination's
 */
record QueuedPacket(OutputPacket packet, OutputFormats formats) {
  boolean isVideo() {
    return packet.packet().kind() == TrackKind.VIDEO;
  }

  /** Returns whether a connection can begin here. */
  boolean startsGroup() {
    return formats.video() == null || (isVideo() && packet.packet().key());
  }

  long dtsUs() {
    return packet.dtsUs();
  }

  /** Payload bytes. */
  int size() {
    return packet.packet().size();
  }
}
