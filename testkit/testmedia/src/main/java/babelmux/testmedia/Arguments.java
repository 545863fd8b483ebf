package babelmux.testmedia;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Inputs, filters and outputs, in the words of the ffmpeg program's command line, of which this is
 * the part that tests need. Options before {@code -i} belong to that input, the others to the file
 * name behind them.
 *
 * @param filter the value of {@code -filter_complex}; null when there is none
 */
record Arguments(List<In> inputs, List<Out> outputs, @Nullable String filter) {

  private static final Set<String> FLAGS = Set.of("re", "an", "vn", "copyts");

  /**
   * One input.
   *
   * @param lavfi whether the URL is a filter graph that makes media
   * @param startSeconds where it begins to be read
   * @param offsetSeconds added to its times
   * @param repeats how often it is read again; -1 for forever
   * @param realTime whether a packet is passed on only when its time has come
   * @param keepTimes whether its first time stays what it is; otherwise it becomes 0
   * @param options for FFmpeg's demuxer and protocol
   */
  record In(
      String url,
      boolean lavfi,
      double startSeconds,
      double offsetSeconds,
      int repeats,
      boolean realTime,
      boolean keepTimes,
      Map<String, String> options) {}

  /** One option of an output, for all of its tracks or some of them. */
  record Option(String name, String track, String value) {
    /**
     * Tells whether it is meant for a track.
     *
     * @param type v or a
     * @param index number among the tracks of that type
     */
    boolean isFor(String type, int index) {
      return track.isEmpty() || track.equals(type) || track.equals(type + ":" + index);
    }
  }

  /** One output and its options. */
  record Out(String url, List<Option> options) {
    /** The last value of an option for a track; null when it is not given. */
    @Nullable String value(String name, String type, int index) {
      String value = null;
      for (Option option : options) {
        if (option.name.equals(name) && option.isFor(type, index)) {
          value = option.value;
        }
      }
      return value;
    }

    /** The last value of an option for the whole output; null when it is not given. */
    @Nullable String value(String name) {
      return value(name, "", 0);
    }

    /** All values of an option. */
    List<String> values(String name) {
      return options.stream().filter(o -> o.name.equals(name)).map(Option::value).toList();
    }

    /** Length limit in seconds; positive infinity when there is none. */
    double limitSeconds() {
      String limit = value("t");
      return limit == null ? Double.POSITIVE_INFINITY : Double.parseDouble(limit);
    }
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Arguments parse(List<String> words) {
    Deque<String> rest = new ArrayDeque<>(words);
    List<In> inputs = new ArrayList<>();
    List<Out> outputs = new ArrayList<>();
    List<Option> pending = new ArrayList<>();
    String filter = null;
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      if (word.equals("-i")) {
        inputs.add(input(next(rest, word), pending));
        pending.clear();
      } else if (word.equals("-filter_complex")) {
        filter = next(rest, word);
      } else if (word.length() > 1 && word.startsWith("-")) {
        String[] parts = word.substring(1).split(":", 2);
        String value = FLAGS.contains(parts[0]) ? "1" : next(rest, word);
        pending.add(new Option(parts[0], parts.length == 2 ? parts[1] : "", value));
      } else {
        outputs.add(new Out(word, List.copyOf(pending)));
        pending.clear();
      }
    }
    if (inputs.isEmpty() || outputs.isEmpty() || !pending.isEmpty()) {
      throw new IllegalArgumentException("expected inputs, then outputs: " + words);
    }
    return new Arguments(inputs, outputs, filter);
  }

  private static String next(Deque<String> rest, String option) {
    String value = rest.pollFirst();
    if (value == null) {
      throw new IllegalArgumentException(option + " lacks its value");
    }
    return value;
  }

  private static In input(String url, List<Option> given) {
    Map<String, String> options = new LinkedHashMap<>();
    given.forEach(option -> options.put(option.name, option.value));
    boolean lavfi = "lavfi".equals(options.get("f"));
    options.remove("f");
    return new In(
        url,
        lavfi,
        number(options.remove("ss")),
        number(options.remove("itsoffset")),
        (int) number(options.remove("stream_loop")),
        options.remove("re") != null,
        options.remove("copyts") != null,
        options);
  }

  private static double number(@Nullable String value) {
    return value == null ? 0 : Double.parseDouble(value);
  }
}
