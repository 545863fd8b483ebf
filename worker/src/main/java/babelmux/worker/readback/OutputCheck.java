package babelmux.worker.readback;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Results of reading an output back, as a viewer would. */
public enum OutputCheck {
  /** What was sent came, and its times moved. */
  OK(""),
  /** The server did not let us connect, or ended the connection. */
  UNREACHABLE("it cannot be opened by a viewer"),
  /** Connected, and nothing came. */
  NOTHING("neither video nor audio arrives at a viewer"),
  /** Audio came, and no video, though a keyframe was sent. */
  NO_VIDEO("no video arrives at a viewer"),
  /** Video came, and no audio, though some was sent. */
  NO_AUDIO("no audio arrives at a viewer"),
  /** Packets came, and their times did not move. */
  FROZEN("what arrives at a viewer does not move on"),
  /** The server refuses readers, or the worker itself lacks something, so it is not known. */
  UNKNOWN("the worker cannot read it");

  private final String text;

  OutputCheck(String text) {
    this.text = text;
  }

  /** As metrics and the API have it. */
  @JsonValue
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is wrong with "the output", a clause. */
  public String text() {
    return text;
  }

  /** Returns whether viewers get less than they should. */
  public boolean isBad() {
    return this != OK && this != UNKNOWN;
  }
}
