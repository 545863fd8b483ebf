package babelmux.hooks;

/**
 * The settings of one path, or of the paths that match a regular expression, as {@code GET
 * /v3/config/paths/list} has them.
 *
 * @param name a path, {@code ~} and a regular expression, {@code all} or {@code all_others}
 * @param onReady the command that runs when readers can be served or a publisher is there; empty
 *     for none
 * @param onNotReady the command that runs when that is over; empty for none
 */
public record PathSettings(String name, String onReady, String onNotReady) {}
