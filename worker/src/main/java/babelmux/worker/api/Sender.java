package babelmux.worker.api;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and under which name.
 *
 * @param address the other end of the connection; null when that is not known
 * @param host as the request has it: a name or an address, in brackets where IPv6 needs them,
 *     without a port; null when it has none, or something else
 * @param tls whether the connection is encrypted
 */
record Sender(@Nullable InetAddress address, @Nullable String host, boolean tls) {
  static final Sender UNKNOWN = new Sender(null, null, false);

  private static final String HOST = "[A-Za-z0-9_.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]";

  static Sender of(Caller caller, @Nullable String hostHeader) {
    return new Sender(caller.address(), host(hostHeader), caller.tls());
  }

  static @Nullable String host(@Nullable String header) {
    String host = header == null ? null : header.replaceFirst(":\\d{1,5}$", "");
    return host != null && host.matches(HOST) ? host : null;
  }

  /** The address as RFC 5952 writes it, and other servers do; null for this machine's loopback. */
  @Nullable String elsewhere() {
    return address == null || address.isLoopbackAddress() ? null : NetUtil.toAddressString(address);
  }

  /** Whether it came over IPv6's loopback address. */
  boolean isLoopback6() {
    return address != null && address.isLoopbackAddress() && address.getAddress().length == 16;
  }
}
