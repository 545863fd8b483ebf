package babelmux.worker.output;

import babelmux.media.Packet;

/**
 * A packet and its place in the output.
 *
 * @param packet whoever holds the record closes it
 * @param ptsUs presentation time of the output, microseconds
 * @param dtsUs decoding time of the output, microseconds
 */
public record OutputPacket(Packet packet, long ptsUs, long dtsUs) implements AutoCloseable {
  /** Another holder's copy: the same bytes, not copied. */
  public OutputPacket share() {
    return new OutputPacket(packet.share(), ptsUs, dtsUs);
  }

  @Override
  public void close() {
    packet.close();
  }
}
