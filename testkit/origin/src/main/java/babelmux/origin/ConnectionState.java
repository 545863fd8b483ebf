package babelmux.origin;

/** States of a connection as the Control API names them. */
enum ConnectionState {
  /** Handshake, commands, and a publisher that is still being analysed. */
  IDLE("idle"),
  READ("read"),
  PUBLISH("publish");

  private final String apiName;

  ConnectionState(String apiName) {
    this.apiName = apiName;
  }

  String apiName() {
    return apiName;
  }
}
