package babelmux.worker.sources;

import babelmux.worker.config.AllowedSources;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Checks hosts against setting {@code sources.allow} by the addresses that they have now. */
public final class SourceGuard {
  private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(4);

  private final AllowedSources allowed;
  private final HostLookup lookup;

  public SourceGuard(AllowedSources allowed, HostLookup lookup) {
    this.allowed = allowed;
    this.lookup = lookup;
  }

  /** Asks the system's resolver. */
  public static SourceGuard of(AllowedSources allowed) {
    return new SourceGuard(allowed, HostLookup.system(LOOKUP_LIMIT));
  }

  /**
   * Returns the addresses of a host that may be connected, at least one. Takes as long as a look-up
   * of its name.
   *
   * @throws SourceNotAllowed if there is none among its addresses
   * @throws UnknownHostException if it has no address; the message names it
   */
  public List<InetAddress> check(String host)
      throws SourceNotAllowed, UnknownHostException, InterruptedException {
    if (allowed.isEmpty()) {
      throw new SourceNotAllowed(
          "sources.allow is not set: expected the host names or addresses that sources may be read"
              + " from");
    }
    List<InetAddress> found = addresses(host);
    List<InetAddress> good =
        found.stream().filter(address -> allowed.allows(host, address)).toList();
    if (good.isEmpty()) {
      throw new SourceNotAllowed(notAllowed(host, found));
    }
    return good;
  }

  /**
   * As {@link #check} where that needs no look-up: a host that is listed by name passes, one that
   * is not listed and has no address does not.
   *
   * @throws SourceNotAllowed if it may not be read from
   */
  public void admit(String host) throws SourceNotAllowed, InterruptedException {
    if (allowed.isListed(host)) {
      return;
    }
    try {
      check(host);
    } catch (UnknownHostException e) {
      throw new SourceNotAllowed(
          "host " + host + " is not in sources.allow, and " + e.getMessage());
    }
  }

  private List<InetAddress> addresses(String host)
      throws UnknownHostException, InterruptedException {
    try {
      return lookup.addresses(host);
    } catch (UnknownHostException e) {
      throw new UnknownHostException("host %s: %s".formatted(host, e.getMessage()));
    }
  }

  private String notAllowed(String host, List<InetAddress> found) {
    String addresses =
        found.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    if (!allowed.isListed(host)) {
      return "host %s is not in sources.allow, nor is its address (%s)".formatted(host, addresses);
    }
    return "host %s is in sources.allow, and its address (%s) is of this machine or of its link: expected a range in sources.allow that holds it"
        .formatted(host, addresses);
  }
}
