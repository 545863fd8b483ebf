package babelmux.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends bytes to a port and reads what comes back, a connection for each call. Blocks; any thread.
 */
final class GarbageClient {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 10_000;

  /** Whoever sends half a request has no patience. */
  private static final int HALF_OPEN_MILLIS = 1_000;

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
  private static final int MAX_HEAD = 64;

  /** No status, but what happened instead. */
  static final int HUNG_UP = 0;

  static final int NO_ANSWER = -1;
  static final int NO_CONNECTION = -2;

  private final InetSocketAddress worker;

  GarbageClient(URI worker) {
    this.worker = new InetSocketAddress(worker.getHost(), worker.getPort());
  }

  /** Returns the status of the answer, or one of the constants. */
  int send(Garbage.Request request) {
    try (Socket socket = new Socket()) {
      socket.connect(worker, CONNECT_MILLIS);
      socket.setSoTimeout(
          request.kind() == Garbage.Kind.HALF_OPEN ? HALF_OPEN_MILLIS : ANSWER_MILLIS);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(request.bytes());
        out.flush();
      } catch (IOException e) {
        // It may have answered before all was sent.
      }
      return status(socket.getInputStream());
    } catch (IOException e) {
      return NO_CONNECTION;
    }
  }

  private static int status(InputStream in) {
    byte[] head = new byte[MAX_HEAD];
    int length = 0;
    try {
      while (length < head.length) {
        int read = in.read(head, length, head.length - length);
        if (read < 0) {
          break;
        }
        length += read;
      }
      // The rest, so that the connection does not end with a reset of ours.
      in.readAllBytes();
    } catch (SocketTimeoutException e) {
      if (length == 0) {
        return NO_ANSWER;
      }
    } catch (IOException e) {
      // A reset after the answer is how a server ends what it does not read to its end.
    }
    Matcher line = STATUS_LINE.matcher(new String(head, 0, length, StandardCharsets.ISO_8859_1));
    return line.lookingAt() ? Integer.parseInt(line.group(1)) : HUNG_UP;
  }
}
