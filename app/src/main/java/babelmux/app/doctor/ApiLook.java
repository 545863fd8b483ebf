package babelmux.app.doctor;

import babelmux.hooks.ControlApiClient;
import babelmux.hooks.ControlApiException;
import babelmux.hooks.ServerInfo;
import babelmux.worker.config.ServerUrl;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks MediaMTX's Control API for all that doctor wants to know. Blocks, some seconds at most. */
final class ApiLook {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration STRANGER_LIMIT = Duration.ofSeconds(1);
  private static final int MAX_ADDRESSES = 2;

  private ApiLook() {}

  static ApiSight look(ServerUrl url) throws InterruptedException {
    URI uri = url.toUri();
    try (ControlApiClient api = new ControlApiClient(uri, LIMIT, LIMIT)) {
      String version = api.info().map(ServerInfo::version).orElse(null);
      return new ApiSight(
          null,
          version,
          api.settings().orElse(null),
          api.pathSettings().orElse(null),
          api.paths().paths(),
          api.rtmpConnections(),
          api.clockAhead().orElse(null),
          stranger(uri));
    } catch (ControlApiException e) {
      return ApiSight.nothing(e);
    }
  }

  /** Asks as a stranger would: under an address of this machine that is not loopback. */
  private static @Nullable Boolean stranger(URI url) throws InterruptedException {
    try {
      if (!ServerProcess.isHere(url.getHost())) {
        return null;
      }
      List<InetAddress> addresses =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
              .limit(MAX_ADDRESSES)
              .toList();
      for (InetAddress address : addresses) {
        if (letsIn(address, url)) {
          return true;
        }
      }
      return addresses.isEmpty() ? null : false;
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean letsIn(InetAddress address, URI url) throws InterruptedException {
    String literal = address.getHostAddress().replaceFirst("%.*", "");
    String host = address instanceof Inet6Address ? "[" + literal + "]" : literal;
    URI asked = URI.create("%s://%s:%d".formatted(url.getScheme(), host, Reach.port(url)));
    try (ControlApiClient api = new ControlApiClient(asked, STRANGER_LIMIT, STRANGER_LIMIT)) {
      api.paths();
      return true;
    } catch (ControlApiException e) {
      return false;
    }
  }
}
