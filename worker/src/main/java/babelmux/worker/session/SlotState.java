package babelmux.worker.session;

/** What was decided about a slot. */
public enum SlotState {
  /** The STS may still answer in time. */
  WAITING("waiting"),
  /** The dub came in time. */
  DUB("dub"),
  /** It fell back to original audio. */
  ORIGINAL("original");

  private final String tag;

  SlotState(String tag) {
    this.tag = tag;
  }

  /** The state as the API shows it. */
  public String tag() {
    return tag;
  }
}
