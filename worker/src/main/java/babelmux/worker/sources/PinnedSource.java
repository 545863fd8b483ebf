package babelmux.worker.sources;

import babelmux.media.MediaException;
import babelmux.media.SourceAddress;
import babelmux.worker.session.SourceLocator;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * A source whose host is looked up once for each opening: the address that was checked is the one
 * that is connected, whatever the name resolves to a moment later. Of several addresses each try
 * takes the next one. One thread.
 */
public final class PinnedSource implements SourceLocator {
  private final SourceUrl url;
  private final SourceGuard guard;
  private int tries;

  public PinnedSource(SourceUrl url, SourceGuard guard) {
    this.url = url;
    this.guard = guard;
  }

  @Override
  public SourceAddress locate() throws MediaException, InterruptedException {
    try {
      List<InetAddress> allowed = guard.check(url.host());
      return url.at(allowed.get(tries++ % allowed.size()));
    } catch (UnknownHostException e) {
      throw failure(MediaException.Kind.IO, e);
    } catch (SourceNotAllowed e) {
      throw failure(MediaException.Kind.REFUSED, e);
    }
  }

  private MediaException failure(MediaException.Kind kind, Exception reason) {
    return new MediaException(kind, "cannot open " + url + ": " + reason.getMessage());
  }
}
