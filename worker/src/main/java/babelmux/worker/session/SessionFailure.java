package babelmux.worker.session;

/**
 * The reason that a session failed.
 *
 * @param ofSource whether the source is to blame; else it is us
 * @param message one sentence with the reason seen
 */
public record SessionFailure(boolean ofSource, String message) {}
