package babelmux.origin.rtmp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command: {@code connect}, {@code publish}, {@code _result}...
 *
 * @param transactionId as the peer counts; answers carry the same
 * @param arguments what follows, the command object first
 */
public record RtmpCommand(String name, double transactionId, List<@Nullable Object> arguments) {

  /** Reads a {@link MessageType#COMMAND_AMF0} body. */
  public static RtmpCommand parse(byte[] body) throws RtmpProtocolException {
    List<@Nullable Object> values = Amf0.decode(body);
    if (values.size() < 2
        || !(values.get(0) instanceof String name)
        || !(values.get(1) instanceof Double transactionId)) {
      throw new RtmpProtocolException("invalid command: expected a name and a transaction id");
    }
    return new RtmpCommand(name, transactionId, values.subList(2, values.size()));
  }

  /** The command as a message on a chunk stream. */
  public RtmpMessage toMessage(int chunkStreamId, int streamId) {
    @Nullable Object[] values = new @Nullable Object[2 + arguments.size()];
    values[0] = name;
    values[1] = transactionId;
    for (int i = 0; i < arguments.size(); i++) {
      values[2 + i] = arguments.get(i);
    }
    return new RtmpMessage(
        MessageType.COMMAND_AMF0, chunkStreamId, streamId, 0, Amf0.encode(values));
  }

  /** The argument when it is a text. */
  public @Nullable String text(int index) {
    return index < arguments.size() && arguments.get(index) instanceof String text ? text : null;
  }

  /** The argument when it is an object; empty otherwise. */
  public Map<?, ?> object(int index) {
    return index < arguments.size() && arguments.get(index) instanceof Map<?, ?> map
        ? map
        : Map.of();
  }
}
