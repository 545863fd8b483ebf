package babelmux.hooks;

/**
 * The answer to {@code GET /v3/info}.
 *
 * @param version such as {@code v1.20.1}
 * @param started RFC 3339, as sent
 */
public record ServerInfo(String version, String started) {}
