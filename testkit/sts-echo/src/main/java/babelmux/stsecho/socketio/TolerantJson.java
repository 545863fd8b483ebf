package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.protocol.Event;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.TextNode;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Turns broken JSON into an event of its own: left alone, the library writes the whole message,
 * tokens and sound included, to its log.
 */
final class TolerantJson extends JacksonJsonSupport {
  static final String MALFORMED = "babelmux:malformed";

  @Override
  public <T> T readValue(String namespace, ByteBufInputStream source, Class<T> type)
      throws IOException {
    try {
      return super.readValue(namespace, source, type);
    } catch (JsonProcessingException e) {
      source.skip(source.available());
      if (type == Event.class) {
        String what = e.getOriginalMessage();
        return type.cast(
            new Event(MALFORMED, List.of(TextNode.valueOf(what == null ? "no JSON" : what))));
      }
      if (type == Map.class) {
        return type.cast(Map.of());
      }
      throw e;
    }
  }

  /** The reason of a refusal is an object in Socket.IO 5; the library has a bare string for it. */
  @Override
  public void writeValue(ByteBufOutputStream out, Object value) throws IOException {
    super.writeValue(out, value instanceof String reason ? Map.of("message", reason) : value);
  }
}
