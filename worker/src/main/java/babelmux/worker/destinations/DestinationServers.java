package babelmux.worker.destinations;

import babelmux.media.MediaException;
import babelmux.media.Secrets;
import babelmux.worker.config.OutputConfig;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.hosts.HostLookup;
import babelmux.worker.hosts.PinnedHost;
import babelmux.worker.output.DestinationTarget;
import babelmux.worker.output.SinkOpener;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import babelmux.worker.tls.TrustedCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Says how each destination is connected. Thread-safe; does not block. */
public final class DestinationServers {
  private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(4);

  private final HostLookup lookup;
  private final HostGuard guard;
  private final Supplier<SSLSocketFactory> sockets;

  /**
   * @param sockets check the certificate of a server of RTMPS; asked for by each connection
   */
  DestinationServers(HostLookup lookup, HostGuard guard, Supplier<SSLSocketFactory> sockets) {
    this.lookup = lookup;
    this.guard = guard;
    this.sockets = sockets;
  }

  /**
   * By settings.
   *
   * @throws IllegalArgumentException if {@code output.ca-file} cannot be used; names it
   */
  public static DestinationServers of(OutputConfig config) {
    return new DestinationServers(
        HostLookup.system(LOOKUP_LIMIT),
        HostGuard.ofDestinations(config.destinationsAllow()),
        sockets(config.caFile()));
  }

  /**
   * The system's certificates are read by the first connection of RTMPS: no start waits for them.
   */
  private static Supplier<SSLSocketFactory> sockets(@Nullable Path caFile) {
    if (caFile == null) {
      return TrustedCertificates::systemSockets;
    }
    SSLSocketFactory checking = TrustedCertificates.withFile("output.ca-file", caFile).sockets();
    return () -> checking;
  }

  /** A URL of the API: its host is checked at each connection. */
  public DestinationTarget posted(DestinationUrl url) {
    SourceUrl server = url.server();
    return new DestinationTarget(
        server.reveal(),
        new ServerOpener(server, new PinnedHost(server.host(), guard::check), sockets));
  }

  /**
   * A URL of the settings, which are the operator's own: any host, and files.
   *
   * @param showsPath whether messages show the whole path of it: it holds no stream key
   */
  public DestinationTarget configured(String url, boolean showsPath) {
    if (url.toLowerCase(Locale.ROOT).startsWith("rtmps:")) {
      return new DestinationTarget(url, overTls(url));
    }
    return showsPath ? DestinationTarget.at(url) : DestinationTarget.withKey(url);
  }

  private SinkOpener overTls(String url) {
    try {
      SourceUrl server = SourceUrl.parse(url, Secrets::maskKey);
      return new ServerOpener(server, new PinnedHost(server.host(), lookup::addresses), sockets);
    } catch (InvalidSource e) {
      String reason = String.valueOf(e.getMessage());
      return (formats, options, asked) -> {
        throw new MediaException(MediaException.Kind.UNSUPPORTED, reason);
      };
    }
  }
}
