package babelmux.app.support;

import babelmux.media.Secrets;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All threads of this process and where they stand, as text. Stateless. */
final class ThreadDump {

  private ThreadDump() {}

  static String take() {
    return Thread.getAllStackTraces().entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().getName()))
        .map(entry -> paragraph(entry))
        .collect(Collectors.joining("\n"));
  }

  private static String paragraph(Map.Entry<Thread, StackTraceElement[]> entry) {
    Thread thread = entry.getKey();
    String first =
        "\"%s\"%s %s\n"
            .formatted(
                Secrets.mask(thread.getName()),
                thread.isDaemon() ? " daemon" : "",
                thread.getState());
    return first
        + Stream.of(entry.getValue())
            .map(frame -> "    at " + frame + "\n")
            .collect(Collectors.joining());
  }
}
