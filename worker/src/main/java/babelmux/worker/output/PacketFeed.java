package babelmux.worker.output;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a connection gets its packets from, and tells what became of them. */
interface PacketFeed {
  /** Waits for a packet or the end; false when neither came in time. */
  boolean awaitPacket(Duration limit);

  /** Returns whether nothing waits, so that what was written is to leave now. */
  boolean isDrained();

  /** The next packet, the caller's to close; null when this connection is over. */
  @Nullable QueuedPacket take(OutputFormats current);

  /** A packet was written by a connection that has stood for so long. */
  void sent(OutputPacket packet, Duration connected);

  /** The muxer refused a packet; the connection goes on. */
  void refused(String reason);
}
