package babelmux.origin;

/** The two hooks. */
public enum HookEvent {
  READY,
  NOT_READY
}
