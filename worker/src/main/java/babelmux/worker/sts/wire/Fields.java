package babelmux.worker.sts.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tolerant reading of a JSON object: null is absent, a field of another type is absent, 1.0 is 1,
 * numbers out of range are absent.
 */
record Fields(JsonNode node) {

  String text(String name) {
    String text = textOrNull(name);
    return text == null ? "" : text;
  }

  @Nullable String textOrNull(String name) {
    return node.path(name).textValue();
  }

  @Nullable Boolean boolOrNull(String name) {
    JsonNode value = node.path(name);
    return value.isBoolean() ? value.booleanValue() : null;
  }

  OptionalLong integer(String name) {
    JsonNode value = node.path(name);
    return value.isNumber() && value.canConvertToLong()
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  OptionalInt smallInteger(String name) {
    JsonNode value = node.path(name);
    return value.isNumber() && value.canConvertToInt()
        ? OptionalInt.of(value.intValue())
        : OptionalInt.empty();
  }

  /** The number, or 0 if it is missing or outside. */
  int within(String name, int least, int most) {
    int value = smallInteger(name).orElse(0);
    return value >= least && value <= most ? value : 0;
  }

  Fields object(String name) {
    return new Fields(node.path(name));
  }
}
