package babelmux.worker.api;

import org.jspecify.annotations.Nullable;

/**
 * What an endpoint needs of a request.
 *
 * @param id the stream id of the path; empty where the path has none
 * @param slot the slot of the path; empty where the path has none
 * @param query as it stood in the request; null when there was none
 * @param body empty where none is expected
 */
record ApiRequest(String id, String slot, @Nullable String query, byte[] body) {

  private static final byte[] NO_BODY = {};

  ApiRequest(String id, String slot, @Nullable String query) {
    this(id, slot, query, NO_BODY);
  }
}
