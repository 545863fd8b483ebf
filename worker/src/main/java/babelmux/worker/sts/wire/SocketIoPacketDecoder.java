package babelmux.worker.sts.wire;

import io.socket.parser.IOParser;
import io.socket.parser.Packet;
import io.socket.parser.Parser;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.json.JSONArray;
import org.jspecify.annotations.Nullable;

/**
 * Reads Socket.IO packets. An event stays text, under the one name {@link #EVENT}, and is parsed on
 * its link's own thread: here is the thread that all links share, and nothing may throw or take
 * long on it.
 */
final class SocketIoPacketDecoder implements Parser.Decoder {

  /** The name that every event is handed on under; its argument is the JSON text. */
  static final String EVENT = "babelmux";

  /** Held, because a logger that nobody holds forgets its level. */
  private static final Logger LIBRARY_LOG = Logger.getLogger(IOParser.class.getName());

  static {
    // It logs what it cannot read, with a stack trace each; here it is counted.
    LIBRARY_LOG.setLevel(Level.OFF);
  }

  private static final int MAX_CONTROL_PACKET = 65_536;

  private final Consumer<String> onGarbage;
  private @Nullable Callback callback;

  SocketIoPacketDecoder(Consumer<String> onGarbage) {
    this.onGarbage = onGarbage;
  }

  @Override
  public void add(String text) {
    if (text.isEmpty()) {
      onGarbage.accept("an empty packet");
    } else if (text.charAt(0) == '0' + Parser.EVENT) {
      event(text);
    } else if (text.charAt(0) == '0' + Parser.ACK) {
      return; // we ask for none
    } else if (text.charAt(0) < '0' || text.charAt(0) > '9') {
      // The library takes every digit of Unicode for a type.
      onGarbage.accept("a packet without a type");
    } else if (text.length() > MAX_CONTROL_PACKET) {
      onGarbage.accept("a packet of %d characters that is no event".formatted(text.length()));
    } else {
      control(text);
    }
  }

  private void event(String text) {
    int start = text.indexOf('[');
    if (start < 0) {
      onGarbage.accept("an event without data");
      return;
    }
    Packet<JSONArray> packet =
        new Packet<>(Parser.EVENT, new JSONArray().put(EVENT).put(text.substring(start)));
    int comma = text.lastIndexOf(',', start);
    packet.nsp = text.startsWith("/", 1) && comma > 0 ? text.substring(1, comma) : "/";
    packet.id = -1;
    deliver(packet);
  }

  private void control(String text) {
    IOParser.Decoder decoder = new IOParser.Decoder();
    decoder.onDecoded(this::deliver);
    try {
      decoder.add(refusalAsObject(text));
    } catch (RuntimeException e) {
      onGarbage.accept("a packet that is none: " + e.getClass().getSimpleName());
    }
  }

  /**
   * Servers in Python refuse a connection with a bare text, which the library takes for garbage:
   * the link would wait for its limit and call it a fault of the network.
   */
  private static String refusalAsObject(String text) {
    if (text.charAt(0) != '0' + Parser.CONNECT_ERROR) {
      return text;
    }
    int data = text.startsWith("/", 1) ? text.indexOf(',') + 1 : 1;
    boolean bareText = data > 0 && text.startsWith("\"", data);
    return bareText ? text.substring(0, data) + "{\"message\":" + text.substring(data) + "}" : text;
  }

  @SuppressWarnings("rawtypes") // the library's signature
  private void deliver(Packet packet) {
    Callback receiver = callback;
    if (receiver != null) {
      receiver.call(packet);
    }
  }

  @Override
  public void add(byte[] data) {
    onGarbage.accept("a binary packet of %d bytes".formatted(data.length));
  }

  @Override
  public void destroy() {
    callback = null;
  }

  @Override
  public void onDecoded(Callback receiver) {
    callback = receiver;
  }
}
