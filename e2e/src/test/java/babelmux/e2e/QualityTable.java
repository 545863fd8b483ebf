package babelmux.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, row by row, as a table of a document. Any thread. */
final class QualityTable {
  private final Path file;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param file is written again after each row
   */
  QualityTable(Path file, String... columns) {
    this.file = file;
    lines.add("| " + String.join(" | ", columns) + " |");
    lines.add("|" + "---|".repeat(columns.length));
  }

  synchronized void row(String name, Object... values) throws IOException {
    StringBuilder line = new StringBuilder("| " + name);
    for (Object value : values) {
      line.append(" | ");
      line.append(
          value instanceof Double number
              ? String.format(Locale.ROOT, "%.2f", number)
              : value.toString());
    }
    lines.add(line.append(" |").toString());
    System.out.println(lines.get(lines.size() - 1));
    Files.write(file, lines);
  }
}
