package babelmux.stsecho.socketio;

/** Treatment of a client that connects. */
public enum Admission {
  ACCEPT,
  /** HTTP 503 to the handshake. */
  UNAVAILABLE,
  /** Connection reset instead of an answer. */
  RESET,
  /** No answer at all; the connection stays open. */
  SILENT
}
