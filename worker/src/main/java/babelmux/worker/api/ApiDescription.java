package babelmux.worker.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The OpenAPI description of the HTTP port, as it is served. */
final class ApiDescription {

  private static final String RESOURCE = "/babelmux-openapi.yml";

  /** The text, read once. */
  static final String TEXT = read();

  private ApiDescription() {}

  private static String read() {
    try (InputStream in = ApiDescription.class.getResourceAsStream(RESOURCE)) {
      return new String(
          Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
