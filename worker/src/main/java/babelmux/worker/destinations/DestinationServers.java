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
import java.time.Duration;
import java.util.Locale;

/** Says how each destination is connected. Thread-safe; does not block. */
public final class DestinationServers {
  private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(4);

  private final HostLookup lookup;
  private final HostGuard guard;
  private final TrustedCertificates trusted;

  DestinationServers(HostLookup lookup, HostGuard guard, TrustedCertificates trusted) {
    this.lookup = lookup;
    this.guard = guard;
    this.trusted = trusted;
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
        config.caFile() == null
            ? TrustedCertificates.system()
            : TrustedCertificates.withFile("output.ca-file", config.caFile()));
  }

  /** A URL of the API: its host is checked at each connection. */
  public DestinationTarget posted(DestinationUrl url) {
    SourceUrl server = url.server();
    return new DestinationTarget(
        server.reveal(),
        new ServerOpener(server, new PinnedHost(server.host(), guard::check), trusted.sockets()));
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
      return new ServerOpener(
          server, new PinnedHost(server.host(), lookup::addresses), trusted.sockets());
    } catch (InvalidSource e) {
      String reason = String.valueOf(e.getMessage());
      return (formats, options, asked) -> {
        throw new MediaException(MediaException.Kind.UNSUPPORTED, reason);
      };
    }
  }
}
