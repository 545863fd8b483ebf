package babelmux.faultproxy;

/** A value for each direction. */
record PerDirection<T>(T toServer, T toClient) {

  T of(Direction direction) {
    return direction == Direction.TO_SERVER ? toServer : toClient;
  }

  PerDirection<T> with(Direction direction, T value) {
    return direction == Direction.TO_SERVER
        ? new PerDirection<>(value, toClient)
        : new PerDirection<>(toServer, value);
  }
}
