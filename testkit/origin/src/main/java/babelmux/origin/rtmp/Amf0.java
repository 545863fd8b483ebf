package babelmux.origin.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AMF0 values as Java values: Double, Boolean, String, null, {@code Map<String, Object>} for
 * objects and ECMA arrays, List for strict arrays. Dates are read as their milliseconds.
 */
public final class Amf0 {
  static final int NUMBER = 0;
  static final int BOOLEAN = 1;
  static final int STRING = 2;
  static final int OBJECT = 3;
  static final int NULL = 5;
  static final int UNDEFINED = 6;
  static final int ECMA_ARRAY = 8;
  static final int OBJECT_END = 9;
  static final int STRICT_ARRAY = 10;
  static final int DATE = 11;
  static final int LONG_STRING = 12;

  private Amf0() {}

  /** All values of a message body, in order. */
  public static List<@Nullable Object> decode(byte[] body) throws RtmpProtocolException {
    Amf0Decoder decoder = new Amf0Decoder(body);
    List<@Nullable Object> values = new ArrayList<>();
    while (decoder.hasMore()) {
      values.add(decoder.value());
    }
    return values;
  }

  /** Values one after the other; only the types that {@link #decode} gives. */
  public static byte[] encode(@Nullable Object... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Object value : values) {
        write(out, value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Part of a body that follows its first value, as it is: strips {@code @setDataFrame}. */
  public static byte[] afterFirstValue(byte[] body) throws RtmpProtocolException {
    Amf0Decoder decoder = new Amf0Decoder(body);
    decoder.value();
    return Arrays.copyOfRange(body, decoder.position(), body.length);
  }

  private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.writeByte(NULL);
    } else if (value instanceof Number number) {
      out.writeByte(NUMBER);
      out.writeDouble(number.doubleValue());
    } else if (value instanceof Boolean flag) {
      out.writeByte(BOOLEAN);
      out.writeBoolean(flag);
    } else if (value instanceof String text) {
      out.writeByte(STRING);
      writeName(out, text);
    } else if (value instanceof Map<?, ?> map) {
      out.writeByte(OBJECT);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        writeName(out, String.valueOf(entry.getKey()));
        write(out, entry.getValue());
      }
      out.writeShort(0);
      out.writeByte(OBJECT_END);
    } else if (value instanceof List<?> list) {
      out.writeByte(STRICT_ARRAY);
      out.writeInt(list.size());
      for (Object item : list) {
        write(out, item);
      }
    } else {
      throw new IllegalArgumentException("no AMF0 type for " + value.getClass());
    }
  }

  private static void writeName(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xFFFF) {
      throw new IllegalArgumentException("AMF0 string of " + bytes.length + " bytes");
    }
    out.writeShort(bytes.length);
    out.write(bytes);
  }
}
