package babelmux.stsecho.payload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields of an untrusted object; null and absent mean the same, 1.0 is an integer. Every
 * method throws {@link BadPayload} with the field, the value and what was expected.
 *
 * @param where what the object is called in messages
 */
public record Fields(String where, JsonNode node) {
  private static final int SHOWN = 60;

  public static Fields of(String where, JsonNode node) throws BadPayload {
    if (!node.isObject()) {
      throw new BadPayload("%s: %s, expected an object".formatted(where, shown(node)));
    }
    return new Fields(where, node);
  }

  public String text(String name) throws BadPayload {
    String value = text(name, null);
    if (value == null) {
      throw missing(name, "a string");
    }
    return value;
  }

  public @Nullable String text(String name, @Nullable String fallback) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isTextual()) {
      throw bad(name, value, "a string");
    }
    return value.textValue();
  }

  /** Text with a default that is not null. */
  public String textOr(String name, String fallback) throws BadPayload {
    String value = text(name, null);
    return value == null ? fallback : value;
  }

  /** One of the words allowed. */
  public String word(String name, String fallback, Collection<String> allowed) throws BadPayload {
    String value = textOr(name, fallback);
    if (!allowed.contains(value)) {
      throw new BadPayload(
          "%s.%s: '%s', expected one of %s"
              .formatted(where, name, value, String.join(", ", allowed)));
    }
    return value;
  }

  public int integer(String name, int min, int max) throws BadPayload {
    if (value(name) == null) {
      throw missing(name, "an integer");
    }
    return integer(name, min, min, max);
  }

  public int integer(String name, int fallback, int min, int max) throws BadPayload {
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

  public boolean flag(String name, boolean fallback) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw bad(name, value, "true or false");
    }
    return value.booleanValue();
  }

  public double number(String name, double fallback, double min, double max) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
      throw bad(name, value, "a number from %s to %s".formatted(min, max));
    }
    return value.doubleValue();
  }

  public Fields object(String name) throws BadPayload {
    JsonNode value = value(name);
    if (value == null) {
      throw missing(name, "an object");
    }
    return of(where + "." + name, value);
  }

  /** Refuses every field that is not named here. */
  public void only(Collection<String> names) throws BadPayload {
    for (Iterator<String> present = node.fieldNames(); present.hasNext(); ) {
      String name = present.next();
      if (!names.contains(name)) {
        throw new BadPayload(
            "%s.%s: unknown, expected one of %s".formatted(where, name, String.join(", ", names)));
      }
    }
  }

  /** The field, or null when it is absent or JSON null. */
  public @Nullable JsonNode value(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  public BadPayload bad(String name, JsonNode value, String expected) {
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
