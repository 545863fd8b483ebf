package babelmux.worker.hls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a playlist. Pure. */
final class Lines {
  private static final int MAX_LINES = 10_000;

  private Lines() {}

  /**
   * The lines that are not empty, without the first one.
   *
   * @throws HlsException when it is no playlist
   */
  static List<String> of(byte[] playlist) throws HlsException {
    List<String> lines = new ArrayList<>();
    for (String line : new String(playlist, StandardCharsets.UTF_8).split("\r?\n")) {
      if (!line.isBlank()) {
        lines.add(line.strip());
      }
      if (lines.size() > MAX_LINES) {
        throw HlsException.unavailable("a playlist of more than %d lines".formatted(MAX_LINES));
      }
    }
    if (lines.isEmpty() || !lines.get(0).equals("#EXTM3U")) {
      throw HlsException.unavailable("an answer that is no playlist");
    }
    return lines.subList(1, lines.size());
  }

  /** What stands behind a tag; null when the line is another one. */
  static @Nullable String after(String tag, String line) {
    return line.startsWith(tag + ":") ? line.substring(tag.length() + 1) : null;
  }
}
