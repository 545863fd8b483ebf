package babelmux.worker.sts.wire;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import javax.net.ServerSocketFactory;

/**
 * A Socket.IO server of bare sockets and frames, which can say what no library would: the tests'
 * hostile service, and their look at the wire.
 */
public final class RawStsServer implements AutoCloseable {
  private static final String HANDSHAKE = "0{\"sid\":\"e\",\"upgrades\":[],%s}";

  /** One client. */
  public static final class Peer {
    final String requestLine;
    final Map<String, String> headers;
    final List<String> received = new CopyOnWriteArrayList<>();
    private final Socket socket;

    Peer(Socket socket, String requestLine, Map<String, String> headers) {
      this.socket = socket;
      this.requestLine = requestLine;
      this.headers = headers;
    }

    /** Sends a text message. */
    public synchronized void say(String text) {
      byte[] payload = text.getBytes(StandardCharsets.UTF_8);
      frame(0x81, payload.length, payload);
    }

    void event(String name, String payload) {
      say("42[\"%s\",%s]".formatted(name, payload));
    }

    /** Sends a frame's header for this many bytes, and these bytes. */
    synchronized void frame(int head, long length, byte[] payload) {
      ByteBuffer header = ByteBuffer.allocate(10);
      header.put((byte) head);
      if (length < 126) {
        header.put((byte) length);
      } else {
        header.put((byte) 127).putLong(length);
      }
      try {
        OutputStream out = socket.getOutputStream();
        out.write(header.array(), 0, header.position());
        out.write(payload);
        out.flush();
      } catch (IOException e) {
        received.add("cannot send: " + e.getMessage());
      }
    }

    /** Resets the connection. */
    void reset() {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        received.add("cannot close: " + e.getMessage());
      }
    }

    /** The payloads of the events of this name, in order. */
    List<String> events(String name) {
      String start = "42[\"" + name + "\",";
      return received.stream()
          .filter(text -> text.startsWith(start))
          .map(text -> text.substring(start.length(), text.length() - 1))
          .toList();
    }
  }

  public final List<Peer> peers = new CopyOnWriteArrayList<>();
  private final ServerSocket listening;
  private final String scheme;
  private final BiConsumer<Peer, String> script;
  private volatile String limits = "\"pingInterval\":25000,\"pingTimeout\":20000";

  /**
   * A server that greets as it should and leaves the events to the script, which is given each text
   * message that is not part of the greeting.
   */
  public RawStsServer(BiConsumer<Peer, String> script) throws IOException {
    this(ServerSocketFactory.getDefault(), "http", script);
  }

  RawStsServer(ServerSocketFactory sockets, String scheme, BiConsumer<Peer, String> script)
      throws IOException {
    this.listening = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.scheme = scheme;
    this.script = script;
    start(this::accept, "raw-sts-accept");
  }

  /** The limits in the Engine.IO handshake, as JSON fields. */
  RawStsServer limits(String json) {
    limits = json;
    return this;
  }

  public URI url() {
    return URI.create("%s://localhost:%d".formatted(scheme, listening.getLocalPort()));
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!listening.isClosed()) {
        Socket socket = listening.accept();
        start(() -> serve(socket), "raw-sts-peer");
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 1);
      String requestLine = String.valueOf(in.readLine());
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(line.substring(0, colon), line.substring(colon + 1).trim());
      }
      Peer peer = new Peer(socket, requestLine, headers);
      peers.add(peer);
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      + "Sec-WebSocket-Accept: "
                      + accept(String.valueOf(headers.get("Sec-WebSocket-Key")))
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      peer.say(HANDSHAKE.formatted(limits));
      read(peer, new DataInputStream(socket.getInputStream()));
    } catch (IOException e) {
      // the client is gone
    }
  }

  private static String accept(String key) {
    try {
      byte[] all =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(all));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read(Peer peer, DataInputStream in) throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0f;
      int size = in.readUnsignedByte() & 0x7f;
      long length = size == 126 ? in.readUnsignedShort() : size == 127 ? in.readLong() : size;
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes((int) length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (opcode == 8) {
        return;
      }
      if (opcode == 1) {
        text(peer, new String(payload, StandardCharsets.UTF_8));
      }
    }
  }

  private void text(Peer peer, String text) {
    peer.received.add(text);
    script.accept(peer, text);
  }

  /** A script that greets, starts sessions, and leaves the rest to another. */
  public static BiConsumer<Peer, String> greeting(BiConsumer<Peer, String> then) {
    return (peer, text) -> {
      if (text.startsWith("40")) {
        peer.say("40{\"sid\":\"s\"}");
      } else if (text.startsWith("42[\"stream:init\"")) {
        peer.event("stream:ready", "{\"session_id\":\"one\",\"max_inflight\":3}");
      } else {
        then.accept(peer, text);
      }
    };
  }

  @Override
  public void close() throws IOException {
    listening.close();
    peers.forEach(Peer::reset);
  }
}
