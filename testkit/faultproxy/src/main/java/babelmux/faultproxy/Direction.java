package babelmux.faultproxy;

/** The way that bytes take through the proxy. */
public enum Direction {
  TO_SERVER,
  TO_CLIENT
}
