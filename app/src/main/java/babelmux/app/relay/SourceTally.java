package babelmux.app.relay;

import babelmux.media.TrackInfo;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.session.DropReason;
import babelmux.worker.session.SessionListener;
import babelmux.worker.session.StreamWarning;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts of what a relay read and sent on; says what is wrong with the source. Thread-safe. */
public final class SourceTally implements SessionListener {
  private static final Logger log = LoggerFactory.getLogger(SourceTally.class);

  // The others are about dubbing, or already in the log.
  private static final Set<StreamWarning> SHOWN =
      EnumSet.of(StreamWarning.NO_VIDEO, StreamWarning.NO_KEYFRAME, StreamWarning.LONG_GOP);

  // Nothing is decoded, so no packet is lost by them.
  private static final Set<DropReason> OF_DECODERS =
      EnumSet.of(DropReason.SOUND_HOLE, DropReason.SOUND_OVERLAP);

  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private final SentTime time = new SentTime();
  private long packets;
  private long connections;
  private @Nullable String ignored;
  private @Nullable String lastError;

  @Override
  public synchronized void released(OutputPacket packet, long latenessNanos) {
    packets++;
    time.add(packet.dtsUs());
  }

  @Override
  public synchronized void dropped(DropReason reason, long count) {
    if (!OF_DECODERS.contains(reason)) {
      dropped.merge(reason, count, Long::sum);
    }
  }

  @Override
  public synchronized void sourceFound(boolean again) {
    connections++;
  }

  @Override
  public synchronized void sourceLost(String reason) {
    lastError = reason;
  }

  @Override
  public synchronized void warning(StreamWarning warning, @Nullable String text) {
    if (warning == StreamWarning.TRACKS_IGNORED && text != null) {
      ignored = text;
    } else if (text != null && SHOWN.contains(warning)) {
      log.warn("{}", text);
    }
  }

  /** Packets that every destination was to get. */
  public synchronized long packets() {
    return packets;
  }

  /** The source's part of the report. */
  public synchronized RelayReport.Source report(
      String url, @Nullable TrackInfo video, @Nullable TrackInfo audio) {
    Map<String, Long> reasons = new TreeMap<>();
    dropped.forEach((reason, count) -> reasons.put(reason.tag(), count));
    return new RelayReport.Source(
        url,
        video == null ? null : "%s %dx%d".formatted(video.codec(), video.width(), video.height()),
        audio == null
            ? null
            : "%s %d Hz %d ch".formatted(audio.codec(), audio.sampleRate(), audio.channels()),
        packets,
        time.seconds(),
        connections,
        reasons,
        ignored,
        lastError);
  }
}
