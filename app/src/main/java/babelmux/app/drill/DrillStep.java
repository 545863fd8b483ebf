package babelmux.app.drill;

import babelmux.faultproxy.Direction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One line of a drill: {@code wait TIME}, or a fault of a part. Immutable. */
public sealed interface DrillStep {

  /** The lines that there are, for people. */
  List<String> HELP =
      List.of(
          "wait TIME              such as wait 30s",
          "NAME stall             nothing passes, as if the cable were pulled",
          "NAME delay TIME        bytes leave later",
          "NAME throttle BITS     bits a second of each connection, such as 500k",
          "NAME slice BYTES       a few bytes at a time",
          "NAME half-open         new connections are accepted, and nobody answers",
          "NAME refuse            new connections are reset, running ones go on",
          "NAME down              connections are reset, new ones too: the server is stopped",
          "NAME cut               connections end in order (FIN)",
          "NAME reset             connections are reset (RST)",
          "NAME clear             ends all faults of this part",
          "Behind stall, delay, throttle and slice: to-server or to-client, for one direction alone.",
          "Behind all that last: for TIME. The next step begins when the fault is over.");

  /** The line as it was given. */
  String line();

  /** Nothing is changed for a while. */
  record Wait(String line, Duration time) implements DrillStep {}

  /**
   * A fault begins.
   *
   * @param part its name
   * @param value what stands behind the fault's word, checked; empty for none
   * @param time how long it lasts; null until it is cleared, or when it is over at once
   */
  record Begin(
      String line,
      String part,
      Fault fault,
      String value,
      Set<Direction> directions,
      @Nullable Duration time)
      implements DrillStep {

    public Begin {
      directions = Set.copyOf(directions);
    }
  }

  /**
   * Reads a line.
   *
   * @param parts names that a fault may have
   * @throws IllegalArgumentException saying what was expected in which place
   */
  static DrillStep parse(String line, Set<String> parts) {
    Deque<String> words = new ArrayDeque<>(List.of(line.strip().split("[ \t]+", -1)));
    try {
      String first = words.remove();
      DrillStep step =
          first.equals("wait")
              ? new Wait(line.strip(), Fault.time(next(words, "a duration")))
              : begin(line.strip(), first, words, parts);
      if (!words.isEmpty()) {
        throw new IllegalArgumentException("'%s', expected nothing more".formatted(words.peek()));
      }
      return step;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "step '%s': %s".formatted(line.strip(), e.getMessage()), e);
    }
  }

  private static DrillStep begin(String line, String part, Deque<String> words, Set<String> parts) {
    if (!parts.contains(part)) {
      throw new IllegalArgumentException(
          "'%s', expected wait or one of %s".formatted(part, String.join(", ", parts)));
    }
    Fault fault = Fault.of(next(words, "a fault"));
    String value = "";
    if (fault.value != Fault.Value.NONE) {
      value = next(words, fault.value.name().toLowerCase(Locale.ROOT));
      fault.check(value);
    }
    Set<Direction> directions = fault.directed ? directions(words) : EnumSet.allOf(Direction.class);
    Duration time = null;
    if (fault.lasting && "for".equals(words.peek())) {
      words.remove();
      time = Fault.time(next(words, "a duration"));
    }
    return new Begin(line, part, fault, value, directions, time);
  }

  private static Set<Direction> directions(Deque<String> words) {
    for (Direction direction : Direction.values()) {
      if (word(direction).equals(words.peek())) {
        words.remove();
        return EnumSet.of(direction);
      }
    }
    return EnumSet.allOf(Direction.class);
  }

  private static String word(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String next(Deque<String> words, String expected) {
    String word = words.poll();
    if (word == null) {
      throw new IllegalArgumentException("ends early, expected " + expected);
    }
    return word;
  }
}
