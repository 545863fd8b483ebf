package babelmux.worker.session;

import babelmux.media.SourceDrop;
import babelmux.media.SourceListener;
import babelmux.media.TrackKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what one connection to a source does not hand out: to the log, the metrics and the
 * stream's warnings. One thread, the reader's.
 */
final class SourceEvents implements SourceListener {
  private static final Logger log = LoggerFactory.getLogger(SourceEvents.class);

  private final SessionListener listener;
  private final Consumer<TrackKind> announced;
  private final List<String> ignored = new ArrayList<>();

  /**
   * A new connection: what was said of the one before no longer holds.
   *
   * @param announced is told of the tracks that the source has
   */
  SourceEvents(SessionListener listener, Consumer<TrackKind> announced) {
    this.listener = listener;
    this.announced = announced;
    listener.warning(StreamWarning.NO_VIDEO, null);
    listener.warning(StreamWarning.TRACKS_IGNORED, null);
  }

  @Override
  public void announced(TrackKind kind) {
    announced.accept(kind);
  }

  @Override
  public void dropped(SourceDrop reason) {
    listener.dropped(
        switch (reason) {
          case BEFORE_KEYFRAME -> DropReason.BEFORE_KEYFRAME;
          case OTHER_TRACK -> DropReason.OTHER_TRACK;
          case AUDIO_UNDECODABLE -> DropReason.SOUND_UNDECODABLE;
          case INVALID -> DropReason.INVALID;
        },
        1);
  }

  @Override
  public void ignored(String track, String reason) {
    log.info("{} is not read: {}", track, reason);
    ignored.add(track + " is not read: " + reason);
    listener.warning(StreamWarning.TRACKS_IGNORED, String.join("; ", ignored));
  }

  @Override
  public void noKeyframe(@Nullable String reason) {
    listener.warning(StreamWarning.NO_VIDEO, reason);
  }
}
