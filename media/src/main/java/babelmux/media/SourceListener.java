package babelmux.media;

import org.jspecify.annotations.Nullable;

/**
 * Receives what a source does not hand out. Called on the thread that reads; must not block. Does
 * nothing unless overridden.
 */
public interface SourceListener {
  /** Ignores everything. */
  SourceListener NONE = new SourceListener() {};

  /** The source has a track of this kind. Before its first packet; again for each further one. */
  default void announced(TrackKind kind) {}

  /** A packet was not handed out. */
  default void dropped(SourceDrop reason) {}

  /**
   * A track is not read. Once for each track.
   *
   * @param track such as {@code audio track 2 (aac)}
   * @param reason why, fit for an operator
   */
  default void ignored(String track, String reason) {}

  /**
   * The source has video, and no keyframe has come: there is audio alone so far.
   *
   * @param reason what is missing, fit for an operator; null as soon as a keyframe has come
   */
  default void noKeyframe(@Nullable String reason) {}
}
