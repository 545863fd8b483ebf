package babelmux.worker.config;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that the API may have connected. An address is allowed when a range holds it, or when
 * its host is listed by name and the address is that of another machine: a name that resolves to
 * loopback or to a link-local address needs a range, too. Immutable.
 */
public final class AllowedHosts {

  /** No host. */
  public static final AllowedHosts NONE = new AllowedHosts(Set.of(), List.of());

  private static final String LOCALHOST = "localhost";

  private final Set<String> names;
  private final List<AddressRange> ranges;

  private AllowedHosts(Set<String> names, List<AddressRange> ranges) {
    this.names = Set.copyOf(names);
    this.ranges = List.copyOf(ranges);
  }

  /**
   * Reads a list, separated by commas, of host names and ranges of addresses.
   *
   * @throws IllegalArgumentException if one of them is neither
   */
  static AllowedHosts parse(String text) {
    Set<String> names = new HashSet<>();
    Set<AddressRange> ranges = new LinkedHashSet<>();
    for (String item : text.split(",", -1)) {
      String entry = item.strip();
      if (entry.indexOf(':') >= 0 || entry.matches("[0-9./]+")) {
        ranges.add(AddressRange.parse(entry));
      } else {
        names.add(nameOf(Parsers.host().read().apply(entry)));
      }
    }
    return new AllowedHosts(names, List.copyOf(ranges));
  }

  /** Lower case and without the dot of the root. */
  private static String nameOf(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Returns whether no host is allowed. */
  public boolean isEmpty() {
    return names.isEmpty() && ranges.isEmpty();
  }

  /** Returns whether a host is listed by its name, whatever its addresses are. */
  public boolean isListed(String host) {
    return names.contains(nameOf(host));
  }

  /** Returns whether this host may be connected at this address. */
  public boolean allows(String host, InetAddress address) {
    if (ranges.stream().anyMatch(range -> range.contains(address))) {
      return true;
    }
    if (!isListed(host) || address.isAnyLocalAddress() || address.isMulticastAddress()) {
      return false;
    }
    return address.isLoopbackAddress()
        ? nameOf(host).equals(LOCALHOST)
        : !address.isLinkLocalAddress();
  }

  /** As one would write it. */
  @Override
  public String toString() {
    return Stream.concat(names.stream().sorted(), ranges.stream().map(AddressRange::toString))
        .collect(Collectors.joining(","));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AllowedHosts sources
        && names.equals(sources.names)
        && ranges.equals(sources.ranges);
  }

  @Override
  public int hashCode() {
    return names.hashCode() * 31 + ranges.hashCode();
  }
}
