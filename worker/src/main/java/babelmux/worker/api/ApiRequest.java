package babelmux.worker.api;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint needs of a request.
 *
 * @param id the stream id of the path; empty where the path has none
 * @param part what the path names in the stream, a slot or a destination; empty where it names
 *     nothing
 * @param query as it stood in the request; null when there was none
 * @param body empty where none is expected
 * @param caller who sent it
 */
record ApiRequest(String id, String part, @Nullable String query, byte[] body, Caller caller) {

  private static final byte[] NO_BODY = {};

  ApiRequest(String id, String part, @Nullable String query, Caller caller) {
    this(id, part, query, NO_BODY, caller);
  }
}
