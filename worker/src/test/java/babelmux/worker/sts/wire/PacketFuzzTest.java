package babelmux.worker.sts.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsReach;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.socket.parser.Packet;
import io.socket.parser.Parser;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.json.JSONArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Nothing that comes over the WebSocket throws on the thread that all links share. */
@Tag("fuzz")
class PacketFuzzTest {

  @FuzzTest(maxDuration = "4s")
  void sendsAnything(byte[] data) {
    String text = new String(data, UTF_8);
    List<String> passed = new ArrayList<>();
    GuardedListener guarded =
        new GuardedListener(
            new WebSocketListener() {
              @Override
              public void onMessage(WebSocket socket, String message) {
                passed.add(message);
              }
            },
            new InboundGuard(1 << 20),
            50_000,
            new SilentWatcher());
    guarded.onMessage(new NoSocket(), text);
    guarded.onMessage(new NoSocket(), ByteString.of(data));
    for (String message : passed) {
      assertThat(message).hasSizeLessThanOrEqualTo(50_000);
      decode(message.substring(1));
    }
  }

  @SuppressWarnings("rawtypes") // the library's signature
  private static void decode(String packetText) {
    List<Packet> packets = new ArrayList<>();
    List<String> garbage = new ArrayList<>();
    SocketIoPacketDecoder decoder = new SocketIoPacketDecoder(garbage::add);
    decoder.onDecoded(packets::add);
    decoder.add(packetText);
    assertThat(packets.size() + garbage.size()).isLessThanOrEqualTo(1);
    for (Packet packet : packets) {
      if (packet.type == Parser.EVENT) {
        assertThat(packet.nsp).isNotEmpty();
        new MessageCodec(50_000).decode(((JSONArray) packet.data).optString(1));
      }
    }
  }

  private static final class SilentWatcher implements GuardedListener.Watcher {
    @Override
    public void refused(ProtocolViolation kind, String detail) {}

    @Override
    public void opened() {}

    @Override
    public void handshake(String json) {}

    @Override
    public void failed(StsReach.Kind kind, int httpStatus, String detail) {}
  }

  private static final class NoSocket implements WebSocket {
    @Override
    public Request request() {
      return new Request.Builder().url("http://127.0.0.1/").build();
    }

    @Override
    public long queueSize() {
      return 0;
    }

    @Override
    public boolean send(String text) {
      return false;
    }

    @Override
    public boolean send(ByteString bytes) {
      return false;
    }

    @Override
    public boolean close(int code, @Nullable String reason) {
      return false;
    }

    @Override
    public void cancel() {}
  }
}
