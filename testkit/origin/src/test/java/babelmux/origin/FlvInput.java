package babelmux.origin;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An HTTP-FLV reader of the tests' own: tag by tag, as they stand on the wire. */
final class FlvInput implements Closeable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final HttpResponse<InputStream> response;
  private final DataInputStream in;
  final int flags;

  /** Asks for a path and reads the header of the file. */
  FlvInput(URI server, String path) throws IOException, InterruptedException {
    response =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(server + "/" + path + ".flv"))
                .timeout(Duration.ofSeconds(5))
                .build(),
            BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      response.body().close();
      throw new IOException("status " + response.statusCode());
    }
    in = new DataInputStream(response.body());
    byte[] header = in.readNBytes(13);
    if (header[0] != 'F' || header[1] != 'L' || header[2] != 'V' || header[3] != 1) {
      throw new IOException("no FLV");
    }
    flags = header[4];
  }

  static HttpResponse<String> ask(String method, String url)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(5))
            .build(),
        BodyHandlers.ofString());
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The next tag; null when the answer has ended as it should. */
  @Nullable RawMessage next() throws IOException {
    int type = in.read();
    if (type < 0) {
      return null;
    }
    int length = uint24();
    long timestamp = uint24();
    timestamp |= (long) in.readUnsignedByte() << 24;
    if (uint24() != 0) {
      throw new IOException("stream id is not 0");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(in.readNBytes(length));
    int back = in.readInt();
    if (back != length + 11) {
      throw new IOException("size of the previous tag: " + back + ", expected " + (length + 11));
    }
    return new RawMessage(type, timestamp, body.toByteArray());
  }

  private int uint24() throws IOException {
    return in.readUnsignedShort() << 8 | in.readUnsignedByte();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
