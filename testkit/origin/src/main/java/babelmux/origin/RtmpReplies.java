package babelmux.origin;

import babelmux.origin.rtmp.MessageType;
import babelmux.origin.rtmp.RtmpCommand;
import babelmux.origin.rtmp.RtmpMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages that a server says. */
final class RtmpReplies {
  private static final int WINDOW_BYTES = 2_500_000;
  private static final int CONTROL = 2;
  private static final int COMMAND = 3;
  private static final int STATUS = 5;
  private static final int STREAM = 1;

  private RtmpReplies() {}

  static RtmpMessage windowAckSize() {
    return control(MessageType.WINDOW_ACK_SIZE, uint32(WINDOW_BYTES));
  }

  static RtmpMessage peerBandwidth() {
    byte[] body = Arrays.copyOf(uint32(WINDOW_BYTES), 5);
    body[4] = 2; // dynamic
    return control(MessageType.SET_PEER_BANDWIDTH, body);
  }

  static RtmpMessage chunkSize(int bytes) {
    return control(MessageType.SET_CHUNK_SIZE, uint32(bytes));
  }

  static RtmpMessage acknowledgement(long bytes) {
    return control(MessageType.ACKNOWLEDGEMENT, uint32((int) bytes));
  }

  static RtmpMessage connected(double transaction) {
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("fmsVer", "LNX 9,0,124,2");
    server.put("capabilities", 31.0);
    Map<String, Object> status =
        info("status", "NetConnection.Connect.Success", "Connection succeeded.");
    status.put("objectEncoding", 0.0);
    return new RtmpCommand("_result", transaction, List.of(server, status)).toMessage(COMMAND, 0);
  }

  static RtmpMessage result(double transaction, @Nullable Object value) {
    return new RtmpCommand("_result", transaction, Arrays.asList(null, value))
        .toMessage(COMMAND, 0);
  }

  static RtmpMessage publishStarted(double transaction) {
    return status(transaction, info("status", "NetStream.Publish.Start", "publish start"));
  }

  static RtmpMessage publishRefused(double transaction) {
    return status(
        transaction, info("error", "NetStream.Publish.Unauthorized", "authentication failed"));
  }

  static RtmpMessage playRefused(double transaction) {
    return status(transaction, info("error", "NetStream.Play.Failed", "authentication failed"));
  }

  static List<RtmpMessage> playStarted(double transaction) {
    List<RtmpMessage> messages = new ArrayList<>();
    messages.add(userControl(4));
    messages.add(userControl(0));
    messages.add(status(transaction, info("status", "NetStream.Play.Reset", "play reset")));
    messages.add(status(transaction, info("status", "NetStream.Play.Start", "play start")));
    messages.add(status(transaction, info("status", "NetStream.Data.Start", "data start")));
    messages.add(
        status(transaction, info("status", "NetStream.Play.PublishNotify", "publish notify")));
    return messages;
  }

  private static RtmpMessage userControl(int event) {
    return control(MessageType.USER_CONTROL, new byte[] {0, (byte) event, 0, 0, 0, STREAM});
  }

  private static RtmpMessage status(double transaction, Map<String, Object> info) {
    return new RtmpCommand("onStatus", transaction, Arrays.asList(null, info))
        .toMessage(STATUS, STREAM);
  }

  private static Map<String, Object> info(String level, String code, String description) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("level", level);
    info.put("code", code);
    info.put("description", description);
    return info;
  }

  private static RtmpMessage control(int type, byte[] body) {
    return new RtmpMessage(type, CONTROL, 0, 0, body);
  }

  private static byte[] uint32(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }
}
