package babelmux.worker.sts.link;

/** Action to take when the service refuses a fragment with an error event. */
enum ErrorAction {
  /** Use the original; the number goes to the next fragment. */
  FALL_BACK,
  /** Use the original and restart the session: its numbers are in doubt. */
  RESTART_SESSION,
  /** The session is gone: all in flight fall back, and it is restarted. */
  SESSION_GONE,
  /** Send stream:resume and send it once more. */
  RESUME_AND_RETRY,
  /** Wait as for a pause and send it once more. */
  PAUSE_AND_RETRY,
  /** Wait until less is in flight and send it again. */
  RETRY_WHEN_LESS,
  /** Wait as long as told, or longer each time, and send it again. */
  DELAY_AND_RETRY,
  /** Leave the service alone for good. */
  GIVE_UP;

  /** Maximum number of times that one fragment is sent again. */
  int retries() {
    return switch (this) {
      case RESUME_AND_RETRY, PAUSE_AND_RETRY -> 1;
      case RETRY_WHEN_LESS, DELAY_AND_RETRY -> 5;
      default -> 0;
    };
  }
}
