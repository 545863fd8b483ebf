package babelmux.worker.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. An IPv6 address
 * that maps an IPv4 one is that IPv4 address. Names are never looked up. Immutable.
 */
public final class AddressRange {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");

  private final String text;
  private final byte[] network;
  private final int prefixBits;

  private AddressRange(String text, byte[] network, int prefixBits) {
    this.text = text;
    this.network = network;
    this.prefixBits = prefixBits;
  }

  /**
   * Reads an address, or an address and the number of leading bits that count.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    byte[] network = literal(literal);
    int maxBits = network.length * Byte.SIZE;
    int bits = maxBits;
    if (slash >= 0) {
      String prefix = text.substring(slash + 1);
      // A prefix counts 128 bits of a mapped address, of which 32 are left.
      Parsers.require(PREFIX.matcher(prefix).matches() && !(maxBits == 32 && isIpv6(literal)));
      bits = Integer.parseInt(prefix);
      Parsers.require(bits <= maxBits);
    }
    return new AddressRange(text, network, bits);
  }

  /** Whether it is an address of this machine alone, such as {@code 127.0.0.1} or {@code ::1}. */
  static boolean isLoopback(String literal) {
    try {
      return InetAddress.getByAddress(literal(literal)).isLoopbackAddress();
    } catch (IllegalArgumentException | UnknownHostException e) {
      return false;
    }
  }

  private static boolean isIpv6(String literal) {
    return literal.indexOf(':') >= 0;
  }

  private static byte[] literal(String text) {
    Parsers.require((isIpv6(text) ? IPV6 : IPV4).matcher(text).matches());
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address", e);
    }
  }

  /** Tells whether the address is in the range. */
  public boolean contains(InetAddress address) {
    byte[] other = address.getAddress();
    if (other.length != network.length) {
      return false;
    }
    int bytes = prefixBits / Byte.SIZE;
    for (int i = 0; i < bytes; i++) {
      if (other[i] != network[i]) {
        return false;
      }
    }
    int rest = prefixBits % Byte.SIZE;
    return rest == 0 || ((other[bytes] ^ network[bytes]) & 0xff) >>> (Byte.SIZE - rest) == 0;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressRange range && text.equals(range.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
