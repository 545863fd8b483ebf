package babelmux.stsecho.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads fields of an untrusted object; null and absent mean the same, 1.0 is an integer. */
record Fields(String where, JsonNode node) {
  private static final int SHOWN = 60;

  static Fields of(String where, JsonNode node) throws BadPayload {
    if (!node.isObject()) {
      throw new BadPayload("%s: %s, expected an object".formatted(where, shown(node)));
    }
    return new Fields(where, node);
  }

  String text(String name) throws BadPayload {
    String value = text(name, null);
    if (value == null) {
      throw missing(name, "a string");
    }
    return value;
  }

  @Nullable String text(String name, @Nullable String fallback) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isTextual()) {
      throw bad(name, value, "a string");
    }
    return value.textValue();
  }

  int integer(String name, int min, int max) throws BadPayload {
    if (value(name) == null) {
      throw missing(name, "an integer");
    }
    return integer(name, min, min, max);
  }

  int integer(String name, int fallback, int min, int max) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    boolean whole = value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
    if (!whole || value.doubleValue() < min || value.doubleValue() > max) {
      throw bad(name, value, "an integer from %d to %d".formatted(min, max));
    }
    return value.intValue();
  }

  boolean flag(String name, boolean fallback) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw bad(name, value, "true or false");
    }
    return value.booleanValue();
  }

  double number(String name, double fallback, double min, double max) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
      throw bad(name, value, "a number from %s to %s".formatted(min, max));
    }
    return value.doubleValue();
  }

  Fields object(String name) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      throw missing(name, "an object");
    }
    return of(where + "." + name, value);
  }

  @Nullable JsonNode value(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  BadPayload bad(String name, JsonNode value, String expected) {
    return new BadPayload("%s.%s: %s, expected %s".formatted(where, name, shown(value), expected));
  }

  private BadPayload missing(String name, String expected) {
    return new BadPayload("%s.%s: missing, expected %s".formatted(where, name, expected));
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
