package babelmux.origin;

/** What happens to a hook instead of being run once. */
public enum HookFault {
  /** Not run at all. */
  LOSE,
  /** Run twice, at once. */
  DOUBLE
}
