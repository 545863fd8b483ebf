package babelmux.worker.sts.wire;

/** Name of a stream's worker, as the service is told. */
public final class WorkerId {
  private static final int MAX_HEADER = 64;

  private WorkerId() {}

  public static String of(String streamId) {
    return "worker-" + streamId;
  }

  /** The same, as long as a header's value may be. */
  static String header(String streamId) {
    String id = of(streamId);
    return id.length() <= MAX_HEADER ? id : id.substring(0, MAX_HEADER);
  }
}
