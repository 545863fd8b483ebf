package babelmux.worker.sources;

import babelmux.media.MediaException;
import babelmux.media.SourceAddress;
import babelmux.worker.session.SourceLocator;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source whose host is looked up once for each opening: the address that was checked is the one
 * that is connected, whatever the name resolves to a moment later. Of several addresses the one
 * that was opened last is tried first, and after each that cannot be opened the next. One thread.
 */
public final class PinnedSource implements SourceLocator {
  private final SourceUrl url;
  private final SourceGuard guard;
  private @Nullable InetAddress last;
  private boolean lastOpened;

  public PinnedSource(SourceUrl url, SourceGuard guard) {
    this.url = url;
    this.guard = guard;
  }

  @Override
  public SourceAddress locate() throws MediaException, InterruptedException {
    try {
      List<InetAddress> allowed = guard.check(url.host());
      InetAddress next = next(allowed);
      last = next;
      lastOpened = false;
      return url.at(next);
    } catch (UnknownHostException e) {
      throw failure(MediaException.Kind.IO, e);
    } catch (SourceNotAllowed e) {
      throw failure(MediaException.Kind.REFUSED, e);
    }
  }

  @Override
  public void opened() {
    lastOpened = true;
  }

  private InetAddress next(List<InetAddress> allowed) {
    int tried = last == null ? -1 : allowed.indexOf(last);
    if (tried >= 0 && lastOpened) {
      return allowed.get(tried);
    }
    return allowed.get((tried + 1) % allowed.size());
  }

  private MediaException failure(MediaException.Kind kind, Exception reason) {
    return new MediaException(kind, "cannot open " + url + ": " + reason.getMessage());
  }
}
