package babelmux.stsecho.socketio;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The server's side of its clients. Called on Netty's threads: must submit and return. */
public interface SocketHandler {

  /** Decides about a handshake; {@code streamId} is the X-Stream-ID header, empty when absent. */
  Admission knock(String streamId);

  /**
   * A reason to refuse the client (connect error), by its auth object; empty to let it in.
   *
   * @param local whether it comes from this machine, by its loopback address
   */
  Optional<String> refuse(JsonNode auth, String streamId, boolean local);

  /** A client that was not refused; comes before its events. */
  void connected(Peer peer, JsonNode auth);

  /** One event, in the order of arrival per client; the payload is null JSON when it had none. */
  void event(String peerId, String name, JsonNode payload);

  /** The client is gone, whoever ended it; comes after its events. */
  void disconnected(String peerId);
}
