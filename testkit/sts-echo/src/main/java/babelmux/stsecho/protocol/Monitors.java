package babelmux.stsecho.protocol;

import babelmux.stsecho.protocol.Messages.Monitored;
import babelmux.stsecho.socketio.Peer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends every monitor a copy of every event, with who said it beside. Protocol thread only. */
final class Monitors {
  private static final Logger log = LoggerFactory.getLogger(Monitors.class);
  static final String FIELD = "_monitor";

  private final Map<String, Peer> monitors = new LinkedHashMap<>();
  private final Scheduler clock;
  private long count;

  Monitors(Scheduler clock) {
    this.clock = clock;
  }

  void add(Peer monitor) {
    monitors.put(monitor.id(), monitor);
  }

  /** True when that client was a monitor. */
  boolean remove(String id) {
    return monitors.remove(id) != null;
  }

  boolean contains(String id) {
    return monitors.containsKey(id);
  }

  /** Says something to one monitor only. */
  void tell(String id, String event, ObjectNode payload) {
    Peer monitor = monitors.get(id);
    if (monitor != null) {
      monitor.emit(event, payload);
    }
  }

  /**
   * @param direction {@code in} for what the client said, {@code out} for what it was told, {@code
   *     server} for what happened to it
   */
  void copy(
      String direction, String peer, @Nullable String streamId, String event, JsonNode payload) {
    count++;
    if (monitors.isEmpty()) {
      return;
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    if (payload.isObject()) {
      copy.setAll((ObjectNode) payload);
    } else {
      copy.set("payload", payload);
    }
    copy.set(FIELD, Messages.json(new Monitored(count, direction, clock.unixMs(), peer, streamId)));
    for (Peer monitor : monitors.values()) {
      if (monitor.writable()) {
        monitor.emit(event, copy);
      } else {
        log.warn("monitor {} does not read what it is sent: disconnected", monitor.id());
        monitor.disconnect();
      }
    }
  }
}
