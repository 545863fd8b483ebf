package babelmux.bench;

import java.util.List;

/**
 * A table of a report, beside its figures.
 *
 * @param title a sentence without a full stop
 * @param rows each as long as the head
 */
record BenchTable(String title, List<String> head, List<List<String>> rows) {

  BenchTable {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** For a terminal: a line for each row, columns as wide as they have to be. */
  String text() {
    StringBuilder text = new StringBuilder(title).append(":\n");
    line(text, head);
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells) {
    StringBuilder line = new StringBuilder(" ");
    for (int i = 0; i < cells.size(); i++) {
      int column = i;
      int width = head.get(i).length();
      for (List<String> row : rows) {
        width = Math.max(width, row.get(column).length());
      }
      line.append(' ').append(cells.get(i)).append(" ".repeat(width - cells.get(i).length() + 1));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** For a page of the documentation. */
  String markdown() {
    StringBuilder text = new StringBuilder(title).append(":\n\n");
    text.append("| ").append(String.join(" | ", head)).append(" |\n");
    text.append("|---".repeat(head.size())).append("|\n");
    for (List<String> row : rows) {
      text.append("| ").append(String.join(" | ", row)).append(" |\n");
    }
    return text.toString();
  }
}
