package babelmux.origin;

/** Fault that happens to a hook instead of its being run once. */
public enum HookFault {
  /** Not run at all. */
  LOSE,
  /** Run twice, at once. */
  DOUBLE
}
