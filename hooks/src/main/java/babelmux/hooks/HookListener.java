package babelmux.hooks;

/**
 * Receives MediaMTX's hooks. Called on an event loop: must not block, may be called again for the
 * same source, and must expect a not-ready before its ready (see {@link SourcePairing}). Only
 * {@link Direction#IN} events arrive at {@link #ready} and {@link #notReady}.
 */
public interface HookListener {

  /** A source is on an input path. */
  HookVerdict ready(SourceEvent event);

  /** A source left an input path. */
  HookVerdict notReady(SourceEvent event);

  /** A hook told of an output path, where none is needed; nothing is done about it. */
  default void output(SourceEvent event) {}

  /**
   * A request was turned away before it became an event, for metrics.
   *
   * @param status the HTTP status that was sent, 4xx
   * @param detail the reason that was sent
   */
  default void rejected(int status, String detail) {}
}
