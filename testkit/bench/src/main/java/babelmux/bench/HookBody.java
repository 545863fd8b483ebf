package babelmux.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Body that MediaMTX's hook program sends. */
final class HookBody {

  private HookBody() {}

  static String of(String path, String sourceId) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("path", path)
        .put("sourceType", "rtmpConn")
        .put("sourceId", sourceId)
        .put("query", "")
        .toString();
  }
}
