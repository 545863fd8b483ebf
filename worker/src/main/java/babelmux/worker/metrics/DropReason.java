package babelmux.worker.metrics;

import java.util.Locale;

/** Why packets that were read are not sent. */
public enum DropReason {

  /** Picture before the first keyframe that was read. */
  BEFORE_KEYFRAME,
  /** Damaged, or without a usable time. */
  INVALID,
  /** The destination took bytes too slowly; whole groups of pictures go. */
  QUEUE_FULL,
  /** There was no connection to the destination. */
  DISCONNECTED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
