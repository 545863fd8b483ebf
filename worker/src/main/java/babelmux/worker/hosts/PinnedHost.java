package babelmux.worker.hosts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host that is looked up once for each connection: the address that was checked is the one that
 * is connected, whatever the name resolves to a moment later. Of several addresses the one that was
 * connected last is tried first, and after each that cannot be connected the next. One thread.
 */
public final class PinnedHost {
  /** Says which addresses of a host may be connected. */
  @FunctionalInterface
  public interface Check {
    /** Returns at least one. */
    List<InetAddress> of(String host)
        throws HostNotAllowed, UnknownHostException, InterruptedException;
  }

  private final String host;
  private final Check check;
  private @Nullable InetAddress last;
  private boolean lastConnected;

  public PinnedHost(String host, Check check) {
    this.host = host;
    this.check = check;
  }

  /**
   * Returns the address that is to be connected now. Takes as long as a look-up of the name.
   *
   * @throws HostNotAllowed if none of its addresses may be connected
   * @throws UnknownHostException if it has no address; the message names it
   */
  public InetAddress next() throws HostNotAllowed, UnknownHostException, InterruptedException {
    List<InetAddress> allowed = check.of(host);
    int tried = last == null ? -1 : allowed.indexOf(last);
    boolean again = tried >= 0 && lastConnected;
    InetAddress next = allowed.get(again ? tried : (tried + 1) % allowed.size());
    last = next;
    lastConnected = false;
    return next;
  }

  /** The address that {@link #next} returned last was connected. */
  public void connected() {
    lastConnected = true;
  }
}
