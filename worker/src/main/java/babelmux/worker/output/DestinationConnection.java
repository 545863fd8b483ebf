package babelmux.worker.output;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.TrackFormat;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a destination's packets to one connection. The destination's thread alone. */
final class DestinationConnection {
  private static final Logger log = LoggerFactory.getLogger(DestinationConnection.class);

  /** Half of the time after which MediaMTX disconnects a publisher that sends nothing. */
  private static final Duration KEEP_ALIVE_AFTER = Duration.ofSeconds(5);

  private final Sink sink;
  private final PacketFeed feed;
  private final boolean overGaps;
  private final long connectedNanos;

  /**
   * @param sink stays the caller's
   * @param overGaps whether a gap in which nothing comes is not filled with silence
   * @param connectedNanos since when it stands, of {@link System#nanoTime}
   */
  DestinationConnection(Sink sink, PacketFeed feed, boolean overGaps, long connectedNanos) {
    this.sink = sink;
    this.feed = feed;
    this.overGaps = overGaps;
    this.connectedNanos = connectedNanos;
  }

  /**
   * Writes until the feed has nothing more for this connection.
   *
   * @param begun the formats that it was opened with
   */
  void transmit(OutputFormats begun) throws MediaException {
    OutputFormats current = begun;
    while (true) {
      if (feed.isDrained()) {
        sink.flush();
      }
      while (!feed.awaitPacket(KEEP_ALIVE_AFTER)) {
        // Where there is audio, a session fills a long gap with silence.
        if (overGaps || current.audio() == null) {
          sink.keepAlive();
        }
      }
      QueuedPacket next = feed.take(current);
      if (next == null) {
        return;
      }
      try (OutputPacket packet = next.packet()) {
        TrackFormat video = next.formats().video();
        if (!next.formats().equals(current) && video != null) {
          sink.changeVideo(video);
          log.info("video goes on as {}", video);
        }
        current = next.formats();
        write(packet);
      }
    }
  }

  private void write(OutputPacket packet) throws MediaException {
    if (sink.write(packet.packet(), packet.ptsUs(), packet.dtsUs())) {
      feed.sent(packet, Duration.ofNanos(System.nanoTime() - connectedNanos));
    } else {
      feed.refused(String.valueOf(sink.lastRefusal()));
    }
  }
}
