package babelmux.origin;

import babelmux.origin.rtmp.StreamAddress;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Paths and connections in the Control API's JSON. */
final class ApiView {
  private ApiView() {}

  static JsonObject path(RelayPath path, String configName) {
    JsonArray labels = new JsonArray();
    JsonArray tracks = new JsonArray();
    for (Track track : path.tracks()) {
      labels.add(track.label());
      tracks.add(
          new JsonObject()
              .put("codec", track.label())
              .put("codecProps", CodecProps.of(track, path.headers())));
    }
    JsonArray readers = new JsonArray();
    path.readers().stream()
        .map(RtmpServerConnection::id)
        .sorted()
        .forEach(id -> readers.add(peer(id)));
    String since = path.availableTime().toString();
    return new JsonObject()
        .put("name", path.name())
        .put("confName", configName)
        .put("ready", true)
        .put("readyTime", since)
        .put("available", true)
        .put("availableTime", since)
        .put("online", true)
        .put("onlineTime", since)
        .put("source", peer(path.sourceId()))
        .put("tracks", labels)
        .put("tracks2", tracks)
        .put("readers", readers)
        .put("inboundBytes", path.inboundBytes())
        .put("outboundBytes", path.outboundBytes())
        .put("inboundFramesInError", 0)
        .put("bytesReceived", path.inboundBytes())
        .put("bytesSent", path.outboundBytes());
  }

  static JsonObject connection(RtmpServerConnection connection) {
    StreamAddress address = connection.address();
    ReaderQueue queue = connection.readerQueue();
    return new JsonObject()
        .put("id", connection.id())
        .put("created", connection.created().toString())
        .put("remoteAddr", connection.remoteAddress())
        .put("state", connection.state().apiName())
        .put("path", address.path())
        .put("query", address.query())
        .put("user", connection.user())
        .put("userAgent", connection.userAgent())
        .put("inboundBytes", connection.bytesIn())
        .put("outboundBytes", connection.bytesOut())
        .put("outboundFramesDiscarded", queue == null ? 0 : queue.discarded())
        .put("bytesReceived", connection.bytesIn())
        .put("bytesSent", connection.bytesOut());
  }

  static JsonObject list(List<JsonObject> all, Page<JsonObject> page) {
    return new JsonObject()
        .put("itemCount", all.size())
        .put("pageCount", page.pageCount())
        .put("items", new JsonArray(page.items()));
  }

  static JsonObject error(String text) {
    return new JsonObject().put("status", "error").put("error", text);
  }

  private static JsonObject peer(String id) {
    return new JsonObject().put("type", "rtmpConn").put("id", id);
  }
}
