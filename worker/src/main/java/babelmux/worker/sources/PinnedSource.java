package babelmux.worker.sources;

import babelmux.media.MediaException;
import babelmux.media.SourceAddress;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.hosts.PinnedHost;
import babelmux.worker.session.SourceLocator;
import java.net.UnknownHostException;

/**
 * A source that is read from an address of its host that was checked: see {@link PinnedHost}. One
 * thread.
 */
public final class PinnedSource implements SourceLocator {
  private final SourceUrl url;
  private final PinnedHost host;

  public PinnedSource(SourceUrl url, HostGuard guard) {
    this.url = url;
    this.host = new PinnedHost(url.host(), guard::check);
  }

  @Override
  public SourceAddress locate() throws MediaException, InterruptedException {
    try {
      return url.at(host.next());
    } catch (UnknownHostException e) {
      throw failure(MediaException.Kind.IO, e);
    } catch (HostNotAllowed e) {
      throw failure(MediaException.Kind.REFUSED, e);
    }
  }

  @Override
  public void opened() {
    host.connected();
  }

  private MediaException failure(MediaException.Kind kind, Exception reason) {
    return new MediaException(kind, "cannot open " + url + ": " + reason.getMessage());
  }
}
