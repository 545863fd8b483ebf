package babelmux.stsecho.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Lays the fields of one object over another, objects within objects too. */
final class Overlay {
  private Overlay() {}

  static void lay(ObjectNode fields, ObjectNode over) {
    fields
        .properties()
        .forEach(
            field -> {
              JsonNode below = over.get(field.getKey());
              if (field.getValue().isObject() && below != null && below.isObject()) {
                ObjectNode merged = ((ObjectNode) below).deepCopy();
                lay((ObjectNode) field.getValue(), merged);
                over.set(field.getKey(), merged);
              } else {
                over.set(field.getKey(), field.getValue());
              }
            });
  }
}
