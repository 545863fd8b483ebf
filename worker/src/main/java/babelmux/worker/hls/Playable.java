package babelmux.worker.hls;

/** What a browser could play of a path, as the worker finds it at the server. */
public enum Playable {
  /** HLS: the server is MediaMTX. */
  HLS,
  /** HTTP-FLV: the server is the embedded origin. */
  FLV,
  /** The server has it and does not show it yet. */
  NOT_YET,
  /** Nothing is there now. */
  NOTHING,
  /** The worker gets no answer, or one that it does not understand: a browser might. */
  UNKNOWN
}
