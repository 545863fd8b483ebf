package babelmux.worker.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down those who guess: after some wrong tokens, an address may try again once a second only.
 * Nobody waits meanwhile; what comes too early is not looked at. Times are of a monotonic clock, in
 * nanoseconds. Safe for all threads.
 */
final class SignInLimit {

  /** Wrong tokens that an address may send at once. */
  static final int FREE = 5;

  /** After so long one wrong token more is forgotten. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Addresses that are kept in mind; with more, the one that sent nothing for longest is not. */
  static final int MAX_ADDRESSES = 1024;

  /** Networks that belong to one customer have so many bytes in common. */
  private static final int IPV6_NETWORK_BYTES = 8;

  /** When all wrong tokens of an address are forgotten; the one that was changed last is last. */
  private final Map<ByteBuffer, Long> forgottenNanos = new LinkedHashMap<>();

  /** What became of a token. */
  enum Attempt {
    RIGHT,
    WRONG,
    /** Not looked at. */
    TOO_MANY
  }

  /**
   * Looks at a token, unless it comes too early. A right one takes back what went wrong before.
   *
   * @param from where it comes from; null when that is not known
   * @param isRight looks at it; returns at once
   */
  synchronized Attempt attempt(@Nullable InetAddress from, long nowNanos, BooleanSupplier isRight) {
    ByteBuffer network = network(from);
    Long forgotten = forgottenNanos.get(network);
    long left = forgotten == null ? 0 : Math.max(0, forgotten - nowNanos);
    if (left > (FREE - 1) * INTERVAL.toNanos()) {
      return Attempt.TOO_MANY;
    }
    forgottenNanos.remove(network);
    if (isRight.getAsBoolean()) {
      return Attempt.RIGHT;
    }
    if (forgottenNanos.size() >= MAX_ADDRESSES) {
      forgottenNanos.remove(forgottenNanos.keySet().iterator().next());
    }
    forgottenNanos.put(network, nowNanos + left + INTERVAL.toNanos());
    return Attempt.WRONG;
  }

  /** The number of addresses that are kept in mind. */
  synchronized int size() {
    return forgottenNanos.size();
  }

  private static ByteBuffer network(@Nullable InetAddress from) {
    if (from == null) {
      return ByteBuffer.allocate(0);
    }
    byte[] address = from.getAddress();
    return ByteBuffer.wrap(
        from instanceof Inet6Address ? Arrays.copyOf(address, IPV6_NETWORK_BYTES) : address);
  }
}
