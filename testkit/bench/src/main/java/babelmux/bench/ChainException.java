package babelmux.bench;

import java.io.IOException;

/** A link of the chain from publisher to viewer that does not do its part. */
final class ChainException extends IOException {
  private static final long serialVersionUID = 1;

  /** Links in the order in which a stream passes them. */
  enum Link {
    PUBLISH("publish", "the server to take the stream and to list its path as ready"),
    HOOK("hook", "the worker to answer the ready hook with 200 and to read the stream"),
    OUTPUT("output", "the output's path to be listed as ready after the delay"),
    STS("STS", "one segment to come back dubbed"),
    VIEWERS("viewers", "each viewer to be sent media within 30 s");

    private final String label;
    private final String expected;

    Link(String label, String expected) {
      this.label = label;
      this.expected = expected;
    }
  }

  /**
   * @param seen what came instead
   */
  ChainException(Link link, String seen) {
    super(
        "smoke check: %s: expected %s; got: %s"
            .formatted(link.label, link.expected, seen.strip().replaceAll("\\s*\\R\\s*", " / ")));
  }
}
