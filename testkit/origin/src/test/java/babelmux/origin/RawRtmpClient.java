package babelmux.origin;

import babelmux.origin.rtmp.Amf0;
import babelmux.origin.rtmp.RtmpProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An RTMP client of the tests' own, blocking, with a chunk code of its own: it can say what no
 * decent client says.
 */
final class RawRtmpClient implements Closeable {
  private static final class InStream {
    long timestamp;
    long delta;
    int type;
    int length;
    boolean extended;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
  }

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;
  private final String tcUrl;
  private final Map<Integer, InStream> streams = new HashMap<>();
  private int inChunk = 128;
  private int outChunk = 128;
  private int transaction;

  /** Connects and shakes hands. */
  RawRtmpClient(URI server, String app, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 5000);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    tcUrl = server + "/" + app;
  }

  RawRtmpClient(URI server, String app) throws IOException {
    this(server, app, 0);
    handshake();
  }

  void handshake() throws IOException {
    byte[] c0c1 = new byte[1537];
    c0c1[0] = 3;
    Arrays.fill(c0c1, 9, c0c1.length, (byte) 0x5A);
    out.write(c0c1);
    byte[] s0s1s2 = new byte[3073];
    in.readFully(s0s1s2);
    if (s0s1s2[0] != 3
        || !Arrays.equals(s0s1s2, 1537 + 8, 3073, c0c1, 9, 1537)
        || s0s1s2[5] != 0
        || s0s1s2[6] != 0
        || s0s1s2[7] != 0
        || s0s1s2[8] != 0) {
      throw new IOException("unexpected handshake");
    }
    out.write(s0s1s2, 1, 1536);
  }

  /** connect and createStream, with the enhanced codecs that this client understands. */
  void connect(String... fourCcs) throws IOException {
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put("app", tcUrl.substring(tcUrl.indexOf('/', 8) + 1));
    properties.put("flashVer", "raw test");
    properties.put("tcUrl", tcUrl);
    if (fourCcs.length > 0) {
      properties.put("fourCcList", List.of(fourCcs));
    }
    command("connect", 0, properties);
    awaitCommand("_result");
    command("createStream", 0, (Object) null);
    awaitCommand("_result");
  }

  /** Connects and publishes; returns when the server has accepted. */
  static RawRtmpClient publisher(URI server, String app, String name) throws IOException {
    RawRtmpClient client = new RawRtmpClient(server, app);
    client.connect();
    client.command("publish", 1, null, name, "live");
    client.awaitStatus("NetStream.Publish.Start");
    return client;
  }

  /** Connects and plays; returns when the server has accepted. */
  static RawRtmpClient reader(URI server, String app, String name) throws IOException {
    RawRtmpClient client = new RawRtmpClient(server, app);
    client.connect("avc1", "mp4a");
    client.command("play", 1, null, name);
    client.awaitStatus("NetStream.Play.PublishNotify");
    return client;
  }

  void command(String name, int streamId, @Nullable Object... arguments) throws IOException {
    @Nullable Object[] values = new @Nullable Object[2 + arguments.length];
    values[0] = name;
    values[1] = (double) ++transaction;
    System.arraycopy(arguments, 0, values, 2, arguments.length);
    send(3, new RawMessage(RawMessage.COMMAND, 0, Amf0.encode(values)), streamId);
  }

  /** Tells the server and uses it from the next message on. */
  void setChunkSize(int bytes) throws IOException {
    control(1, bytes);
    outChunk = bytes;
  }

  void control(int type, int value) throws IOException {
    byte[] body = {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    send(2, new RawMessage(type, 0, body), 0);
  }

  void send(RawMessage message) throws IOException {
    send(message.video() ? 6 : 4, message, 1);
  }

  void send(List<RawMessage> messages) throws IOException {
    for (RawMessage message : messages) {
      send(message);
    }
  }

  /** Type 0 header, type 3 chunks after it; the extended timestamp on all of them. */
  /** The server may close while this is being sent: what it does not take any more is no error. */
  void sendAsFarAsTaken(List<RawMessage> messages) throws IOException {
    try {
      send(messages);
    } catch (SocketException closed) {
      // awaitClose tells.
    }
  }

  void send(int chunkStream, RawMessage message, int streamId) throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    boolean extended = message.timestampMs >= 0xFFFFFF;
    wire.write(chunkStream);
    uint(wire, extended ? 0xFFFFFF : message.timestampMs, 3);
    uint(wire, message.body.length, 3);
    wire.write(message.type);
    wire.write(new byte[] {(byte) streamId, 0, 0, 0});
    for (int sent = 0; sent == 0 || sent < message.body.length; ) {
      if (sent > 0) {
        wire.write(0xC0 | chunkStream);
      }
      if (extended) {
        uint(wire, message.timestampMs, 4);
      }
      int count = Math.min(outChunk, message.body.length - sent);
      wire.write(message.body, sent, count);
      sent += count;
      if (count == 0) {
        break;
      }
    }
    sendBytes(wire.toByteArray());
  }

  void sendBytes(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  private static void uint(ByteArrayOutputStream wire, long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      wire.write((int) (value >> shift));
    }
  }

  /** The next message; control messages are applied and returned too. */
  RawMessage read() throws IOException {
    while (true) {
      int first = in.readUnsignedByte();
      InStream stream = streams.computeIfAbsent(first & 0x3F, id -> new InStream());
      boolean starts = stream.body.size() == 0;
      int format = first >> 6;
      if (format < 3) {
        long field = uint24();
        if (format < 2) {
          stream.length = (int) uint24();
          stream.type = in.readUnsignedByte();
        }
        if (format == 0) {
          in.readInt();
        }
        stream.extended = field == 0xFFFFFF;
        if (stream.extended) {
          field = in.readInt() & 0xFFFFFFFFL;
        }
        stream.delta = format == 0 ? 0 : field;
        stream.timestamp = format == 0 ? field : stream.timestamp + field;
      } else {
        if (stream.extended) {
          in.readInt();
        }
        if (starts) {
          stream.timestamp += stream.delta;
        }
      }
      byte[] part = new byte[Math.min(inChunk, stream.length - stream.body.size())];
      in.readFully(part);
      stream.body.write(part);
      if (stream.body.size() == stream.length) {
        RawMessage message =
            new RawMessage(stream.type, stream.timestamp & 0xFFFFFFFFL, stream.body.toByteArray());
        stream.body = new ByteArrayOutputStream();
        if (message.type == 1) {
          inChunk = new BigInteger(message.body).intValue();
        }
        return message;
      }
    }
  }

  private long uint24() throws IOException {
    return (long) in.readUnsignedShort() << 8 | in.readUnsignedByte();
  }

  /** The next message with sound or picture or one of their headers. */
  RawMessage readAv() throws IOException {
    RawMessage message = read();
    while (message.type != RawMessage.AUDIO && message.type != RawMessage.VIDEO) {
      message = read();
    }
    return message;
  }

  List<@Nullable Object> awaitCommand(String name) throws IOException {
    while (true) {
      RawMessage message = read();
      if (message.type == RawMessage.COMMAND) {
        List<@Nullable Object> values = values(message);
        if (name.equals(values.get(0))) {
          return values;
        }
      }
    }
  }

  void awaitStatus(String code) throws IOException {
    while (true) {
      List<@Nullable Object> values = awaitCommand("onStatus");
      if (values.get(3) instanceof Map<?, ?> info && code.equals(info.get("code"))) {
        return;
      }
    }
  }

  static List<@Nullable Object> values(RawMessage message) throws IOException {
    try {
      return Amf0.decode(message.body);
    } catch (RtmpProtocolException e) {
      throw new IOException(e);
    }
  }

  /** Reads on until the server closes; true if it does so within the limit. */
  boolean awaitClose(int limitMs) throws IOException {
    long end = System.nanoTime() + limitMs * 1_000_000L;
    byte[] sink = new byte[65_536];
    try {
      while (true) {
        int left = (int) ((end - System.nanoTime()) / 1_000_000);
        if (left <= 0) {
          return false;
        }
        socket.setSoTimeout(left);
        if (in.read(sink) < 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  /** As the Control API names this connection. */
  String address() {
    return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  /** Whether not a byte comes within the time. */
  boolean readsNothing(int limitMs) throws IOException {
    socket.setSoTimeout(limitMs);
    try {
      in.readUnsignedByte();
      return false;
    } catch (SocketTimeoutException e) {
      socket.setSoTimeout(10_000);
      return true;
    }
  }

  /** Ends the connection in the middle of a test. */
  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
