package babelmux.app.drill;

import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.worker.config.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A fault of a drill by the word that it is asked for with. */
enum Fault {
  STALL(Value.NONE, true, true),
  DELAY(Value.TIME, true, true),
  THROTTLE(Value.BITS, true, true),
  SLICE(Value.BYTES, true, true),
  HALF_OPEN(Value.NONE, false, true),
  REFUSE(Value.NONE, false, true),
  /** Connections end, and no new one is made: what a server does that is stopped. */
  DOWN(Value.NONE, false, true),
  CUT(Value.NONE, false, false),
  RESET(Value.NONE, false, false),
  CLEAR(Value.NONE, false, false);

  /** What stands behind the word. */
  enum Value {
    NONE(""),
    TIME("a duration from 1ms to 1h, such as 500ms"),
    BITS("bits a second, 1k to 1000M, such as 500k"),
    BYTES("a number of bytes, 1 to 1000000");

    private final String expected;

    Value(String expected) {
      this.expected = expected;
    }
  }

  private static final Pattern BITS = Pattern.compile("\\d{1,7}[kM]");
  private static final Pattern BYTES = Pattern.compile("\\d{1,7}");
  private static final long MAX_BITS = 1_000_000_000;
  private static final int MAX_SLICE_BYTES = 1_000_000;
  private static final Duration MIN_TIME = Duration.ofMillis(1);
  private static final Duration MAX_TIME = Duration.ofHours(1);

  final Value value;

  /** Whether it may be asked for in one direction alone. */
  final boolean directed;

  /** Whether it is there until it is ended. */
  final boolean lasting;

  Fault(Value value, boolean directed, boolean lasting) {
    this.value = value;
    this.directed = directed;
    this.lasting = lasting;
  }

  /**
   * Begins it.
   *
   * @param text what stands behind the word, checked
   */
  void begin(FaultProxy proxy, Set<Direction> directions, String text) {
    switch (this) {
      case STALL -> directions.forEach(direction -> proxy.stall(direction, true));
      case DELAY -> directions.forEach(direction -> proxy.delay(direction, Durations.parse(text)));
      case THROTTLE ->
          directions.forEach(direction -> proxy.throttle(direction, bits(text) / Byte.SIZE));
      case SLICE -> directions.forEach(direction -> proxy.slice(direction, Integer.parseInt(text)));
      case HALF_OPEN -> proxy.halfOpen(true);
      case REFUSE -> proxy.refuse(true);
      case DOWN -> {
        proxy.refuse(true);
        proxy.reset();
      }
      case CUT -> proxy.cut();
      case RESET -> proxy.reset();
      case CLEAR -> proxy.clear();
    }
  }

  /** Ends a lasting one. */
  void end(FaultProxy proxy, Set<Direction> directions) {
    switch (this) {
      case STALL -> directions.forEach(direction -> proxy.stall(direction, false));
      case DELAY -> directions.forEach(direction -> proxy.delay(direction, Duration.ZERO));
      case THROTTLE -> directions.forEach(direction -> proxy.throttle(direction, 0));
      case SLICE -> directions.forEach(direction -> proxy.slice(direction, 0));
      case HALF_OPEN -> proxy.halfOpen(false);
      case REFUSE, DOWN -> proxy.refuse(false);
      case CUT, RESET, CLEAR -> throw new IllegalStateException(word() + " is over at once");
    }
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException naming all words that there are
   */
  static Fault of(String word) {
    for (Fault fault : values()) {
      if (fault.word().equals(word)) {
        return fault;
      }
    }
    String words = Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("'%s', expected one of %s".formatted(word, words));
  }

  /**
   * Checks a value.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  void check(String text) {
    boolean good =
        switch (value) {
          case NONE -> true;
          case TIME -> isTime(text);
          case BITS -> BITS.matcher(text).matches() && bits(text) > 0 && bits(text) <= MAX_BITS;
          case BYTES ->
              BYTES.matcher(text).matches()
                  && Integer.parseInt(text) > 0
                  && Integer.parseInt(text) <= MAX_SLICE_BYTES;
        };
    if (!good) {
      throw new IllegalArgumentException("'%s', expected %s".formatted(text, value.expected));
    }
  }

  private static boolean isTime(String text) {
    try {
      time(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A duration from 1 ms to 1 h. */
  static Duration time(String text) {
    Duration time;
    try {
      time = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s', expected %s".formatted(text, Value.TIME.expected), e);
    }
    if (time.compareTo(MIN_TIME) < 0 || time.compareTo(MAX_TIME) > 0) {
      throw new IllegalArgumentException("'%s', expected %s".formatted(text, Value.TIME.expected));
    }
    return time;
  }

  private static long bits(String text) {
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return number * (text.endsWith("k") ? 1_000 : 1_000_000);
  }
}
