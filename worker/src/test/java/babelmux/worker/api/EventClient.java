package babelmux.worker.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Reads events over a socket of its own, on a thread of its own. Closed by whoever opened it. */
final class EventClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * An event that has come.
   *
   * @param id null when it has none
   * @param data null when it has none that is JSON
   * @param text all of it
   */
  record Event(
      String name, @Nullable String id, @Nullable JsonNode data, String text, long atNanos) {
    String field(String field) {
      return requireNonNull(data).path(field).asText();
    }
  }

  private final Socket socket;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Map<String, String> headers = new TreeMap<>();
  private final int status;
  private volatile boolean over;

  private EventClient(Socket socket) throws IOException {
    this.socket = socket;
    InputStream in = socket.getInputStream();
    status = Integer.parseInt(line(in).split(" ", 3)[1]);
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String[] parts = header.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
  }

  /** Asks, and reads from then on. */
  static EventClient open(int port, String path, String... headers) throws IOException {
    EventClient client = new EventClient(request(port, path, "HTTP/1.1", headers));
    client.start();
    return client;
  }

  /** As many reverse proxies ask. */
  static EventClient openAsHttp10(int port, String path) throws IOException {
    EventClient client = new EventClient(request(port, path, "HTTP/1.0"));
    client.start();
    return client;
  }

  /** Asks, and reads the header of the answer alone. */
  static EventClient openAndReadNoMore(int port, String path) throws IOException {
    return new EventClient(request(port, path, "HTTP/1.1"));
  }

  private static Socket request(int port, String path, String version, String... headers)
      throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    StringBuilder text = new StringBuilder("GET " + path + " " + version + "\r\n");
    text.append("Host: 127.0.0.1:").append(port).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    text.append("\r\n");
    socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed after: " + line);
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private void start() {
    Thread thread = new Thread(this::read, "event-client");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      InputStream body = socket.getInputStream();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(
                  "chunked".equals(headers.get("transfer-encoding")) ? new Chunks(body) : body,
                  StandardCharsets.UTF_8));
      StringBuilder text = new StringBuilder();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isEmpty()) {
          text.append(line).append('\n');
        } else {
          events.add(event(text.toString()));
          text.setLength(0);
        }
      }
    } catch (IOException e) {
      // Closed by one of both sides: what was read counts.
    } finally {
      over = true;
    }
  }

  private static Event event(String text) throws IOException {
    String name = "";
    String id = null;
    JsonNode data = null;
    for (String line : text.split("\n", -1)) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("event:")) {
        name = value;
      } else if (line.startsWith("id:")) {
        id = value;
      } else if (line.startsWith("data:")) {
        data = JSON.readTree(value);
      }
    }
    return new Event(name, id, data, text, System.nanoTime());
  }

  /** The body of a chunked answer. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int left;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        left = Integer.parseInt(line(in), 16);
        if (left == 0) {
          return -1;
        }
      }
      int next = in.read();
      if (--left == 0) {
        line(in);
      }
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      // No more than is there: a reader that waits for a full buffer sees events late.
      int next = length == 0 ? 0 : read();
      if (next < 0 || length == 0) {
        return length == 0 ? 0 : -1;
      }
      buffer[offset] = (byte) next;
      int count = 1;
      while (count < length && left > 0 && in.available() > 0) {
        buffer[offset + count++] = (byte) read();
      }
      return count;
    }
  }

  int status() {
    return status;
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Everything that has come, comments and {@code retry} among it. */
  List<Event> all() {
    return List.copyOf(events);
  }

  /** The events of this name that have come. */
  List<Event> events(String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  /** The states of this stream that have come. */
  List<Event> streams(String id) {
    return events("stream").stream().filter(event -> event.field("streamId").equals(id)).toList();
  }

  /** Returns whether the other side has ended it. */
  boolean isOver() {
    return over;
  }

  /** Returns whether the other side's system refuses what is sent to it: it has closed. */
  boolean isRefused() {
    try {
      socket.getOutputStream().write('\n');
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
