package babelmux.worker.hls;

import java.io.IOException;

/** No HLS of a path can be had. The message is one printable sentence without a secret. */
public final class HlsException extends IOException {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  /** What keeps it from being had. */
  public enum Kind {
    /** The server has no such path now. */
    NOT_FOUND,
    /** The server has it and does not show it yet: MediaMTX waits for whole segments. */
    NOT_YET,
    /** The server cannot be reached, refuses, or answers with what is no playlist. */
    UNAVAILABLE
  }

  public HlsException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What keeps it from being had. */
  public Kind kind() {
    return kind;
  }

  static HlsException unavailable(String message) {
    return new HlsException(Kind.UNAVAILABLE, message);
  }
}
