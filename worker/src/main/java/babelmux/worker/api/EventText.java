package babelmux.worker.api;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes server-sent events (the WHATWG's text/event-stream), UTF-8. Stateless. */
final class EventText {

  static final String TYPE = "text/event-stream";

  /** How long a client waits before it connects again. */
  static final byte[] RETRY = bytes("retry: 2000\n\n");

  /** A comment, which tells a client and proxies that the connection lives. */
  static final byte[] KEEP = bytes(": keep\n\n");

  private EventText() {}

  /**
   * An event.
   *
   * @param id null when a client that comes back is not to name it
   * @param json in one line
   */
  static byte[] of(String event, @Nullable String id, String json) {
    if (json.indexOf('\n') >= 0 || json.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("expected JSON in one line");
    }
    return bytes(
        "event: %s\n%sdata: %s\n\n".formatted(event, id == null ? "" : "id: " + id + "\n", json));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
