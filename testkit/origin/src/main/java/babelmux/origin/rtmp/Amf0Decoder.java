package babelmux.origin.rtmp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads AMF0 values; every length is checked against what is there, nesting is bounded. */
final class Amf0Decoder {
  private static final int MAX_DEPTH = 16;
  private final byte[] data;
  private int position;
  private int depth;

  Amf0Decoder(byte[] data) {
    this.data = data;
  }

  boolean hasMore() {
    return position < data.length;
  }

  int position() {
    return position;
  }

  @Nullable Object value() throws RtmpProtocolException {
    int marker = uint8();
    return switch (marker) {
      case Amf0.NUMBER -> Double.longBitsToDouble(int64());
      case Amf0.BOOLEAN -> uint8() != 0;
      case Amf0.STRING -> text(uint16());
      case Amf0.OBJECT -> nested(this::object);
      case Amf0.NULL, Amf0.UNDEFINED -> null;
      case Amf0.ECMA_ARRAY -> {
        int32();
        yield nested(this::object);
      }
      case Amf0.STRICT_ARRAY -> nested(this::strictArray);
      case Amf0.DATE -> {
        double ms = Double.longBitsToDouble(int64());
        uint16();
        yield ms;
      }
      case Amf0.LONG_STRING -> text(int32());
      default -> throw new RtmpProtocolException("unsupported AMF0 marker " + marker);
    };
  }

  private interface Part {
    Object read() throws RtmpProtocolException;
  }

  private Object nested(Part part) throws RtmpProtocolException {
    if (++depth > MAX_DEPTH) {
      throw new RtmpProtocolException("AMF0 nested deeper than " + MAX_DEPTH);
    }
    Object value = part.read();
    depth--;
    return value;
  }

  private Map<String, @Nullable Object> object() throws RtmpProtocolException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (true) {
      String key = text(uint16());
      if (key.isEmpty() && peek() == Amf0.OBJECT_END) {
        position++;
        return map;
      }
      map.put(key, value());
    }
  }

  private List<@Nullable Object> strictArray() throws RtmpProtocolException {
    long count = int32() & 0xFFFFFFFFL;
    List<@Nullable Object> list = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      list.add(value());
    }
    return list;
  }

  private String text(int length) throws RtmpProtocolException {
    require(length);
    String text = new String(data, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  private int peek() throws RtmpProtocolException {
    require(1);
    return data[position] & 0xFF;
  }

  private int uint8() throws RtmpProtocolException {
    int value = peek();
    position++;
    return value;
  }

  private int uint16() throws RtmpProtocolException {
    return uint8() << 8 | uint8();
  }

  private int int32() throws RtmpProtocolException {
    return uint16() << 16 | uint16();
  }

  private long int64() throws RtmpProtocolException {
    return (long) int32() << 32 | (int32() & 0xFFFFFFFFL);
  }

  private void require(int count) throws RtmpProtocolException {
    if (count < 0 || count > data.length - position) {
      throw new RtmpProtocolException(
          "AMF0 value ends early: "
              + (data.length - position)
              + " bytes left, "
              + Integer.toUnsignedString(count)
              + " expected");
    }
  }
}
