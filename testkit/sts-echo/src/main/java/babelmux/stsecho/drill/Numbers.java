package babelmux.stsecho.drill;

import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of numbers from 0, as scripts write it: {@code 3}, {@code 4..6}, {@code 10..}, {@code every
 * 5} (4, 9, 14...), or a list of these.
 */
record Numbers(List<Span> spans) {
  static final Numbers ALL = new Numbers(List.of(new Span(0, Integer.MAX_VALUE, 1)));

  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{0,9})");
  private static final Pattern EVERY = Pattern.compile("every (\\d{1,9})");
  private static final String EXPECTED = "a number, 'a..b', 'a..', 'every n' or a list of these";

  record Span(int from, int to, int step) {
    boolean contains(int number) {
      return number >= from && number <= to && (number - from) % step == 0;
    }
  }

  boolean contains(int number) {
    return spans.stream().anyMatch(span -> span.contains(number));
  }

  static Numbers read(Fields fields, String name) throws BadPayload {
    JsonNode value = fields.value(name);
    if (value == null) {
      return ALL;
    }
    List<Span> spans = new ArrayList<>();
    if (value.isArray()) {
      for (JsonNode item : value) {
        spans.add(span(fields, name, item));
      }
    } else {
      spans.add(span(fields, name, value));
    }
    return new Numbers(List.copyOf(spans));
  }

  private static Span span(Fields fields, String name, JsonNode item) throws BadPayload {
    if (item.isInt() && item.intValue() >= 0) {
      return new Span(item.intValue(), item.intValue(), 1);
    }
    Matcher range = RANGE.matcher(item.asText());
    if (item.isTextual() && range.matches()) {
      int to = range.group(2).isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(range.group(2));
      return new Span(Integer.parseInt(range.group(1)), to, 1);
    }
    Matcher every = EVERY.matcher(item.asText());
    if (item.isTextual() && every.matches() && Integer.parseInt(every.group(1)) > 0) {
      int step = Integer.parseInt(every.group(1));
      return new Span(step - 1, Integer.MAX_VALUE, step);
    }
    throw fields.bad(name, item, EXPECTED);
  }
}
