package babelmux.e2e;

import babelmux.origin.rtmp.Amf0;
import babelmux.origin.rtmp.ChunkReader;
import babelmux.origin.rtmp.ChunkWriter;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An RTMP publisher of the tests' own: any 32-bit time on any tag, headers whenever a test wants
 * them. FFmpeg's would mask times to 31 bits. Blocking, one thread.
 */
final class RawPublisher implements AutoCloseable {
  private static final int COMMAND = 20;
  private static final int SET_CHUNK_SIZE = 1;
  private static final int CHUNK = 4096;
  private static final byte[] SET_DATA_FRAME = Amf0.encode("@setDataFrame");

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;
  private final ChunkReader reader = new ChunkReader();
  private int transaction;

  private RawPublisher(URI server, String path) throws IOException, RtmpProtocolException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 5_000);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    int slash = path.lastIndexOf('/');
    handshake();
    byte[] chunk = {0, 0, CHUNK >> 8, 0};
    out.write(ChunkWriter.encode(new RtmpMessage(SET_CHUNK_SIZE, 2, 0, 0, chunk), 128));
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put("app", path.substring(0, slash));
    properties.put("type", "nonprivate");
    properties.put("flashVer", "FMLE/3.0");
    properties.put("tcUrl", server + "/" + path.substring(0, slash));
    command(0, "connect", properties);
    awaitAnswer("_result");
    command(0, "createStream", (Object) null);
    awaitAnswer("_result");
    command(1, "publish", null, path.substring(slash + 1), "live");
    awaitAnswer("onStatus");
  }

  /**
   * Publishes on {@code path}; returns when the server has accepted.
   *
   * @param server {@code rtmp://host:port}
   */
  static RawPublisher connect(URI server, String path) throws IOException {
    try {
      return new RawPublisher(server, path);
    } catch (RtmpProtocolException e) {
      throw new IOException(e);
    }
  }

  private void handshake() throws IOException {
    byte[] c0c1 = new byte[1537];
    c0c1[0] = 3;
    Arrays.fill(c0c1, 9, c0c1.length, (byte) 0x5a);
    out.write(c0c1);
    byte[] s0s1s2 = in.readNBytes(3073);
    if (s0s1s2.length != 3073) {
      throw new IOException("the server ended the handshake");
    }
    out.write(s0s1s2, 1, 1536);
  }

  private void command(int streamId, String name, @Nullable Object... arguments)
      throws IOException {
    @Nullable Object[] values = new @Nullable Object[2 + arguments.length];
    values[0] = name;
    values[1] = (double) ++transaction;
    System.arraycopy(arguments, 0, values, 2, arguments.length);
    out.write(
        ChunkWriter.encode(new RtmpMessage(COMMAND, 3, streamId, 0, Amf0.encode(values)), CHUNK));
  }

  private void awaitAnswer(String name) throws IOException, RtmpProtocolException {
    while (true) {
      RtmpMessage message = reader.next();
      if (message == null) {
        byte[] bytes = new byte[8192];
        int count = in.read(bytes);
        if (count < 0) {
          throw new IOException("the server hung up before its " + name);
        }
        reader.feed(Arrays.copyOf(bytes, count));
      } else if (message.type() == SET_CHUNK_SIZE) {
        reader.setChunkSize(message.uint32());
      } else if (message.type() == COMMAND) {
        List<@Nullable Object> values = Amf0.decode(message.body());
        if (name.equals(values.get(0))) {
          return;
        }
        if ("_error".equals(values.get(0))) {
          throw new IOException("the server refused: " + values);
        }
      }
    }
  }

  /** Sends one tag with a time of its own, whatever time the tag has. */
  void send(FlvTag tag, long millis) throws IOException {
    byte[] body = tag.body();
    if (tag.type() == FlvTag.DATA) {
      body = new byte[SET_DATA_FRAME.length + tag.body().length];
      System.arraycopy(SET_DATA_FRAME, 0, body, 0, SET_DATA_FRAME.length);
      System.arraycopy(tag.body(), 0, body, SET_DATA_FRAME.length, tag.body().length);
    }
    int chunkStream = tag.isVideo() ? 6 : 4;
    out.write(ChunkWriter.encode(new RtmpMessage(tag.type(), chunkStream, 1, millis, body), CHUNK));
    drain();
  }

  /** Acknowledgements and the like. */
  private void drain() throws IOException {
    InputStream waiting = in;
    while (waiting.available() > 0) {
      waiting.skipNBytes(waiting.available());
    }
  }

  /**
   * Sends tags at their pace. One that is late is sent at once, so that a pause is made up for.
   *
   * @param startNanos when the tag of time 0 is due, monotonic clock
   * @param stamp the time to send, of a tag's own
   */
  void play(List<FlvTag> tags, long startNanos, LongUnaryOperator stamp)
      throws IOException, InterruptedException {
    for (FlvTag tag : tags) {
      awaitTime(startNanos + tag.millis() * 1_000_000);
      send(tag, tag.isHeader() ? 0 : stamp.applyAsLong(tag.millis()) & 0xffffffffL);
    }
  }

  /** Sleeps until a tag is due: an encoder sends at the pace of its clock. */
  static void awaitTime(long dueNanos) throws InterruptedException {
    long wait = dueNanos - System.nanoTime();
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }

  /** Hangs up, as a crash would. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
