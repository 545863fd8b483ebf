package babelmux.worker.api;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint needs of a request.
 *
 * @param id the stream id of the path; empty where the path has none
 * @param part what the path names in the stream, a slot, a destination or a segment; empty where it
 *     names nothing
 * @param query as it stood in the request; null when there was none
 * @param body empty where none is expected
 * @param caller who sent it
 * @param language what the path names as language; empty where it names none
 * @param sender who asks for what a player is to be given
 */
record ApiRequest(
    String id,
    String part,
    @Nullable String query,
    byte[] body,
    Caller caller,
    String language,
    Sender sender) {

  private static final byte[] NO_BODY = {};

  ApiRequest(String id, String part, @Nullable String query, Caller caller) {
    this(id, part, query, NO_BODY, caller);
  }

  ApiRequest(String id, String part, @Nullable String query, byte[] body, Caller caller) {
    this(id, part, query, body, caller, "", Sender.UNKNOWN);
  }

  /** The same of a player, about this language. */
  ApiRequest ofPlayer(String spoken, Sender player) {
    return new ApiRequest(id, part, query, body, caller, spoken, player);
  }
}
