package babelmux.worker.hosts;

import babelmux.worker.config.AllowedHosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Checks hosts against a setting that lists them, by the addresses that they have now. */
public final class HostGuard {
  private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(4);

  private final String setting;
  private final AllowedHosts allowed;
  private final HostLookup lookup;

  /**
   * @param setting that lists them; messages name it
   */
  public HostGuard(String setting, AllowedHosts allowed, HostLookup lookup) {
    this.setting = setting;
    this.allowed = allowed;
    this.lookup = lookup;
  }

  /** Guards what the API may read from; asks the system's resolver. */
  public static HostGuard ofSources(AllowedHosts allowed) {
    return new HostGuard("sources.allow", allowed, HostLookup.system(LOOKUP_LIMIT));
  }

  /** Guards what the API may send to; asks the system's resolver. */
  public static HostGuard ofDestinations(AllowedHosts allowed) {
    return new HostGuard("output.destinations-allow", allowed, HostLookup.system(LOOKUP_LIMIT));
  }

  /**
   * Returns the addresses of a host that may be connected, at least one. Takes as long as a look-up
   * of its name.
   *
   * @throws HostNotAllowed if there is none among its addresses
   * @throws UnknownHostException if it has no address; the message names it
   */
  public List<InetAddress> check(String host)
      throws HostNotAllowed, UnknownHostException, InterruptedException {
    if (allowed.isEmpty()) {
      throw new HostNotAllowed(
          setting + " is not set: expected the host names or addresses that may be connected");
    }
    List<InetAddress> found = addresses(host);
    List<InetAddress> good =
        found.stream().filter(address -> allowed.allows(host, address)).toList();
    if (good.isEmpty()) {
      throw new HostNotAllowed(notAllowed(host, found));
    }
    return good;
  }

  /**
   * As {@link #check} where that needs no look-up: a host that is listed by name passes, one that
   * is not listed and has no address does not.
   *
   * @throws HostNotAllowed if it may not be connected
   */
  public void admit(String host) throws HostNotAllowed, InterruptedException {
    if (allowed.isListed(host)) {
      return;
    }
    try {
      check(host);
    } catch (UnknownHostException e) {
      throw new HostNotAllowed(
          "host %s is not in %s, and %s".formatted(host, setting, e.getMessage()));
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
      return "host %s is not in %s, nor is its address (%s)".formatted(host, setting, addresses);
    }
    return "host %s is in %s, and its address (%s) is of this machine or of its link: expected a range in %s that holds it"
        .formatted(host, setting, addresses, setting);
  }
}
