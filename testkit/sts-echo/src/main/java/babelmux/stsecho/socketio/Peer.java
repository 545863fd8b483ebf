package babelmux.stsecho.socketio;

import com.fasterxml.jackson.databind.JsonNode;

/** One connected client. All methods may be called from any thread, and none blocks. */
public interface Peer {
  /** The Socket.IO session id. */
  String id();

  /** Sends one event with one argument. Nothing happens when the client is gone. */
  void emit(String event, JsonNode payload);

  /** True while the client reads what it is sent: false when tens of megabytes wait for it. */
  boolean writable();

  /** Leaves as Socket.IO servers do: disconnect packet, close frame, end of the connection. */
  void disconnect();

  /** Does something to the connection that no polite server does. WebSocket only. */
  void harm(WireFault fault);
}
