package babelmux.worker.api;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The OpenAPI description that the worker serves, as maps. */
final class ParsedDescription {
  private ParsedDescription() {}

  static Map<String, Object> read() {
    return new Yaml().load(ApiDescription.TEXT);
  }

  /** What this reference leads to, or the map itself when it is none. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> resolved(Map<String, Object> description, Object map) {
    Object reference = ((Map<String, Object>) map).get("$ref");
    return reference == null
        ? (Map<String, Object>) map
        : at(description, reference.toString().substring("#/".length()).split("/", -1));
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
