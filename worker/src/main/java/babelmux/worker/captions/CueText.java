package babelmux.worker.captions;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts what is said in a slot into pieces that can be read as subtitles: at most two lines of 42
 * columns each, where possible whole sentences. Characters of East Asian scripts take two columns.
 * Pure.
 */
public final class CueText {
  static final int MAX_COLUMNS = 42;
  static final int MAX_LINES = 2;

  private CueText() {}

  /** The pieces in order, each with its lines; none for a text without anything to read. */
  public static List<List<String>> split(String text) {
    String clean = clean(text);
    List<List<String>> pieces = new ArrayList<>();
    String gathered = "";
    for (String sentence : parts(clean, BreakIterator.getSentenceInstance(Locale.ROOT))) {
      String both = (gathered + sentence).strip();
      if (lines(both).size() <= MAX_LINES) {
        gathered = gathered + sentence;
        continue;
      }
      addPieces(pieces, gathered.strip());
      gathered = sentence;
    }
    addPieces(pieces, gathered.strip());
    return pieces;
  }

  /** Without control characters and line ends, which would end a cue. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Z}\\s]+", " ").strip();
  }

  private static void addPieces(List<List<String>> pieces, String text) {
    List<String> lines = lines(text);
    for (int from = 0; from < lines.size(); from += MAX_LINES) {
      pieces.add(List.copyOf(lines.subList(from, Math.min(lines.size(), from + MAX_LINES))));
    }
  }

  /** Breaks a text into lines, only where a line may break, or anywhere in an endless word. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : parts(text, BreakIterator.getLineInstance(Locale.ROOT))) {
      if (columns((line + word).strip()) <= MAX_COLUMNS) {
        line += word;
        continue;
      }
      addLine(lines, line);
      line = word;
      while (columns(line.strip()) > MAX_COLUMNS) {
        int end = endOfColumns(line);
        addLine(lines, line.substring(0, end));
        line = line.substring(end);
      }
    }
    addLine(lines, line);
    return lines;
  }

  private static void addLine(List<String> lines, String line) {
    if (!line.isBlank()) {
      lines.add(line.strip());
    }
  }

  /** The end of the last whole character within a line's columns. */
  private static int endOfColumns(String word) {
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(word);
    int end = characters.next();
    for (int next = characters.next();
        next != BreakIterator.DONE && columns(word.substring(0, next)) <= MAX_COLUMNS;
        next = characters.next()) {
      end = next;
    }
    return end;
  }

  private static List<String> parts(String text, BreakIterator breaks) {
    List<String> parts = new ArrayList<>();
    breaks.setText(text);
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
      parts.add(text.substring(from, to));
      from = to;
    }
    return parts;
  }

  /** The columns that a text takes. */
  static int columns(String text) {
    return text.codePoints().map(CueText::columns).sum();
  }

  private static int columns(int codePoint) {
    if (Character.isIdeographic(codePoint)) {
      return 2;
    }
    return switch (Character.UnicodeScript.of(codePoint)) {
      case HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> 2;
      default -> 1;
    };
  }
}
