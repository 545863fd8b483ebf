package babelmux.worker.sts.link;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The link's connection: the one that stands, or is being made, or none. Each attempt has a number,
 * which tells events of old ones apart. Single-threaded; times are nanoseconds since the link was
 * opened.
 */
final class Connection {
  private final LinkOutput output;

  /** Of the present attempt or connection, else of the next one. */
  private int number;

  private boolean stands;
  private OptionalLong maxPayload = OptionalLong.empty();
  private long generations;
  private long generation;
  private long since;
  private @Nullable String sessionId;

  /** None yet. */
  Connection(LinkOutput output) {
    this.output = output;
  }

  void connect() {
    output.connect(number);
  }

  /** Tells whether an event of this attempt is not one of an old connection. */
  boolean is(int which) {
    return which == number;
  }

  /**
   * It stands.
   *
   * @param longestMessage the service's {@code maxPayload}, if it sent one
   */
  void established(OptionalLong longestMessage) {
    stands = true;
    maxPayload = longestMessage;
  }

  boolean stands() {
    return stands;
  }

  /** True when it had no session yet. */
  boolean fresh() {
    return generation == 0;
  }

  /** A session begins: its first one, which makes another generation, or another one. */
  void sessionBegan(String id, long now) {
    if (fresh()) {
      generation = ++generations;
      since = now;
    }
    sessionId = id;
  }

  void sessionEnded() {
    sessionId = null;
  }

  /** True when it was in use for at least this long. */
  boolean lasted(long nanos, long now) {
    return !fresh() && now - since >= nanos;
  }

  /** It is of no use any more: what still comes from it is that of an old one. */
  void leave() {
    number++;
    stands = false;
    maxPayload = OptionalLong.empty();
    generation = 0;
    sessionId = null;
  }

  /** The longest message that the service takes, if it said so. */
  OptionalLong maxPayload() {
    return maxPayload;
  }

  /** Names it to those who cut segments; 0 before its first session, and while none stands. */
  long generation() {
    return generation;
  }

  /** Of its present session; null if there is none. */
  @Nullable String sessionId() {
    return sessionId;
  }
}
