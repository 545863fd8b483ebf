package babelmux.app;

import java.io.Console;
import java.io.PrintWriter;

/**
 * Progress for people: one line that is written over on a terminal, a line now and then elsewhere.
 * Not thread-safe.
 */
final class ProgressLine {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long ELSEWHERE_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal = isTerminal();
  private long lastNanos;
  private boolean shown;

  ProgressLine(PrintWriter out) {
    this.out = out;
  }

  @SuppressWarnings(
      "SystemConsoleNull") // from 22 on there always is one, which says itself what it is
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null
        && System.getenv("TERM") != null
        && !"dumb".equals(System.getenv("TERM"));
  }

  void show(String line) {
    long nowNanos = System.nanoTime();
    if (lastNanos != 0 && nowNanos - lastNanos < (terminal ? TERMINAL_NANOS : ELSEWHERE_NANOS)) {
      return;
    }
    lastNanos = nowNanos;
    shown = true;
    out.print(terminal ? "\r\u001b[K" + line : line + System.lineSeparator());
    out.flush();
  }

  void end() {
    if (terminal && shown) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
