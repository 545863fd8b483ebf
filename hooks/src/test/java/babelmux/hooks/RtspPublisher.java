package babelmux.hooks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A publisher of one telephone audio track over RTSP. MediaMTX makes its path available at once,
 * without an analysis.
 */
final class RtspPublisher implements AutoCloseable {

  private final Socket socket;
  private final BufferedReader in;
  private int sequence;

  /**
   * Publishes, and is ready when the server has agreed.
   *
   * @throws IOException when the server refuses
   */
  RtspPublisher(int port, String path, String query) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String url = "rtsp://127.0.0.1:" + port + "/" + path;
    String end = query.isEmpty() ? "" : "?" + query;
    String description =
        """
        v=0
        o=- 0 0 IN IP4 127.0.0.1
        s=x
        c=IN IP4 127.0.0.1
        t=0 0
        m=audio 0 RTP/AVP 0
        a=control:trackID=0
        """
            .replace("\n", "\r\n");
    try {
      request("ANNOUNCE", url + end, "Content-Type: application/sdp\r\n", description);
      // The query stands before the control's name: that is how RTSP joins them.
      String session =
          request(
              "SETUP",
              url + end + "/trackID=0",
              "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;mode=record\r\n",
              "");
      request("RECORD", url + end, "Session: " + session + "\r\n", "");
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends a request and gives the session's name, where the answer has one. */
  private String request(String method, String url, String headers, String body)
      throws IOException {
    String text =
        "%s %s RTSP/1.0\r\nCSeq: %d\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(method, url, ++sequence, headers, body.length(), body);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    String status = in.readLine();
    String session = "";
    String line = status;
    while (line != null && !line.isEmpty()) {
      if (line.startsWith("Session: ")) {
        session = line.substring(9).split(";")[0];
      }
      line = in.readLine();
    }
    if (status == null || !status.contains(" 200 ")) {
      throw new IOException(method + " " + url + ": " + status);
    }
    return session;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
