package babelmux.worker.sound;

import java.util.Locale;

/** Kinds of dubs that come in time and say nothing. */
public enum DeadDub {
  /** Silent while the source speaks. */
  SILENT("the STS answers with silence while the source speaks"),
  /** The same samples as before although the source speaks and differs. */
  REPEATED("the STS always answers with the same sound while the source speaks");

  private final String text;

  DeadDub(String text) {
    this.text = text;
  }

  /** As metrics and the API have it. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is wrong, a sentence without its full stop. */
  public String text() {
    return text;
  }
}
