package babelmux.worker.api;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The OpenAPI description that the worker serves, as maps. */
final class ApiDescription {
  private ApiDescription() {}

  static Map<String, Object> read() throws IOException {
    try (InputStream in = ApiDescription.class.getResourceAsStream("/babelmux-openapi.yml")) {
      return new Yaml().load(requireNonNull(in));
    }
  }

  /** The map below these keys, one below the other; each must be there. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> at(Map<String, Object> map, String... keys) {
    Map<String, Object> found = map;
    for (String key : keys) {
      found = (Map<String, Object>) requireNonNull(found.get(key), key);
    }
    return found;
  }
}
