package babelmux.origin;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTag.Role;
import babelmux.origin.rtmp.RtmpProtocolException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * MediaMTX's way to find the tracks: it reads until media time is 2 s past the first message's
 * time. FFmpeg sends its codec headers at time 0, so a publisher whose media starts at 2 s is known
 * at once. A pure state machine, without a clock.
 */
final class PublishAnalysis {
  static final long PERIOD_MS = 2000;

  private final Map<Integer, @Nullable Track> video = new TreeMap<>();
  private final Map<Integer, @Nullable Track> audio = new TreeMap<>();
  private final Set<Integer> announcedAudio = new HashSet<>();
  private long startMs = -1;
  private long currentMs;

  /**
   * Takes the next audio or video message.
   *
   * @return whether the analysis is over
   * @throws RtmpProtocolException when a message contradicts the tracks so far, or it is over and
   *     there is no usable track
   */
  boolean offer(MediaTag tag, long timestampMs) throws RtmpProtocolException {
    if (tag.timed()) {
      if (startMs < 0) {
        startMs = timestampMs;
      }
      currentMs = timestampMs;
    }
    if (tag.video()) {
      offerVideo(tag);
    } else {
      offerAudio(tag);
    }
    boolean over = startMs >= 0 && currentMs - startMs >= PERIOD_MS;
    if (over) {
      requireUsable();
    }
    return over;
  }

  /** Video tracks, then audio tracks, each by number. */
  List<Track> tracks() {
    List<Track> tracks = new ArrayList<>();
    video.values().forEach(track -> addIfKnown(tracks, track));
    audio.values().forEach(track -> addIfKnown(tracks, track));
    return tracks;
  }

  private void offerVideo(MediaTag tag) throws RtmpProtocolException {
    boolean known = video.get(tag.track()) != null;
    if (tag.role() == Role.CONFIG) {
      if (known && tag.enhanced()) {
        throw new RtmpProtocolException("video track " + tag.track() + " already setupped");
      }
      if (!known) {
        video.put(tag.track(), Track.of(tag));
      }
    } else if (tag.enhanced() && tag.track() > 0) {
      video.putIfAbsent(tag.track(), null);
    }
  }

  private void offerAudio(MediaTag tag) throws RtmpProtocolException {
    int id = tag.track();
    boolean known = audio.get(id) != null;
    if (tag.role() == Role.CONFIG) {
      if (tag.enhanced()) {
        if (!announcedAudio.add(id)) {
          throw new RtmpProtocolException("audio track " + id + " already setupped");
        }
        if (id > 0) {
          audio.putIfAbsent(id, null);
        }
      } else if (!known) {
        audio.put(id, Track.of(tag));
      }
    } else if (tag.role() == Role.FRAME && !known) {
      if (!tag.enhanced()) {
        if (!tag.codec().equals("mp4a")) {
          audio.put(id, Track.of(tag));
        }
      } else if (announcedAudio.contains(id) || tag.codec().equals(".mp3")) {
        audio.put(id, Track.of(tag));
      } else {
        throw new RtmpProtocolException("sequence start not received");
      }
    }
  }

  private void requireUsable() throws RtmpProtocolException {
    if (video.isEmpty() && audio.isEmpty()) {
      throw new RtmpProtocolException("no tracks found");
    }
    for (Map.Entry<Integer, @Nullable Track> entry : video.entrySet()) {
      if (entry.getValue() == null) {
        throw new RtmpProtocolException("video track " + entry.getKey() + " not configured");
      }
    }
    for (Map.Entry<Integer, @Nullable Track> entry : audio.entrySet()) {
      if (entry.getValue() == null) {
        throw new RtmpProtocolException("audio track " + entry.getKey() + " not configured");
      }
    }
  }

  private static void addIfKnown(List<Track> tracks, @Nullable Track track) {
    if (track != null) {
      tracks.add(track);
    }
  }
}
