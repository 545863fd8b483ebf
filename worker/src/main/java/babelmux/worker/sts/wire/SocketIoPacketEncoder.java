package babelmux.worker.sts.wire;

import io.socket.parser.Packet;
import io.socket.parser.Parser;
import org.json.JSONArray;
import org.json.JSONException;

/**
 * Writes Socket.IO packets. An event's payload is JSON text already and goes out as it is: the
 * library's own encoder would build it again on the thread that all links share.
 */
final class SocketIoPacketEncoder implements Parser.Encoder {

  @Override
  @SuppressWarnings("rawtypes") // the library's signature
  public void encode(Packet packet, Callback callback) {
    StringBuilder text = new StringBuilder();
    text.append(packet.type);
    if (packet.nsp != null && !packet.nsp.equals("/")) {
      text.append(packet.nsp).append(',');
    }
    if (packet.type == Parser.EVENT && packet.data instanceof JSONArray event) {
      appendEvent(text, event);
    } else if (packet.data != null) {
      text.append(packet.data);
    }
    callback.call(new Object[] {text.toString()});
  }

  private static void appendEvent(StringBuilder text, JSONArray event) {
    try {
      text.append("[\"").append(event.get(0)).append("\",").append(event.get(1)).append(']');
    } catch (JSONException e) {
      throw new IllegalStateException("an event without name and payload", e);
    }
  }
}
