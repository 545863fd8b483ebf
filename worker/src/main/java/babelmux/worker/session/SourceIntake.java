package babelmux.worker.session;

import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import org.jspecify.annotations.Nullable;

/** Counts what was read, and gives it its place on the session's timeline. The reader's thread. */
final class SourceIntake {
  private final PacketTimestamper timestamper;
  private final SourceClock clock;
  private final SessionListener listener;

  SourceIntake(PacketTimestamper timestamper, SourceClock clock, SessionListener listener) {
    this.timestamper = timestamper;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * @param packet ownership passes to this method
   * @param format its track's, not kept; null when the track is not known
   * @param nowNanos when it was read, the driver's clock
   * @return the packet in its place, the caller's to close; null when it was dropped
   */
  PacketTimestamper.@Nullable Placed place(
      Packet packet, @Nullable TrackFormat format, long nowNanos) {
    boolean video = packet.kind() == TrackKind.VIDEO;
    listener.read(video, packet.size());
    if (format == null) {
      packet.close();
      listener.dropped(video ? DropReason.BEFORE_KEYFRAME : DropReason.SOUND_UNDECODABLE, 1);
      return null;
    }
    long elapsedUs = clock.elapsedUs(packet.dtsUs(), nowNanos);
    PacketTimestamper.Placed placed = timestamper.place(packet, format, elapsedUs, nowNanos);
    if (placed != null) {
      boolean told = false;
      try {
        clock.placed(placed.packet(), placed.newRun(), nowNanos);
        told = true;
      } finally {
        if (!told) {
          placed.packet().close();
        }
      }
    }
    return placed;
  }
}
