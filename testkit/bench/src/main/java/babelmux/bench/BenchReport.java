package babelmux.bench;

import java.util.List;

/**
 * Findings of a benchmark.
 *
 * @param bench its name, such as {@code hooks}
 * @param command what repeats it
 * @param about what was done, a sentence
 * @param notes sentences about the figures, a paragraph each
 */
record BenchReport(
    String bench,
    String command,
    String about,
    MachineNote machine,
    List<Figure> figures,
    List<String> notes,
    List<BenchTable> tables) {

  BenchReport {
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
    tables = List.copyOf(tables);
  }

  /** With figures alone. */
  BenchReport(
      String bench, String command, String about, MachineNote machine, List<Figure> figures) {
    this(bench, command, about, machine, figures, List.of(), List.of());
  }

  /** For a terminal. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(command).append('\n');
    text.append(about).append('\n');
    text.append(machine.text()).append('\n');
    for (Figure figure : figures) {
      text.append(
          "  %-52s %14s  %s"
              .formatted(figure.name(), figure.valueText(), figure.goalText())
              .stripTrailing());
      text.append('\n');
    }
    notes.forEach(note -> text.append(note).append('\n'));
    tables.forEach(table -> text.append(table.text()));
    return text.toString();
  }

  /** For a page of the documentation. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("`").append(command).append("`: ").append(about).append("\n\n");
    text.append(machine.text()).append("\n\n");
    text.append("| quantity | measured | goal |\n|---|---|---|\n");
    for (Figure figure : figures) {
      text.append(
          "| %s | %s | %s |\n"
              .formatted(figure.name(), figure.valueText(), figure.goalText())
              .replace("|  |", "| |"));
    }
    if (!notes.isEmpty()) {
      text.append('\n');
      notes.forEach(note -> text.append("* ").append(note).append('\n'));
    }
    tables.forEach(table -> text.append('\n').append(table.markdown()));
    return text.toString();
  }
}
