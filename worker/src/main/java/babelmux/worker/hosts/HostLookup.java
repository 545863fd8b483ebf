package babelmux.worker.hosts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds the addresses of a host. Any thread. */
@FunctionalInterface
public interface HostLookup {

  /**
   * Returns the addresses of a name, at least one; of an address, that address.
   *
   * @throws UnknownHostException if there is none, or none is found in time; the message says why
   */
  List<InetAddress> addresses(String host) throws UnknownHostException, InterruptedException;

  /**
   * The system's resolver. Its calls cannot be interrupted, so each has a thread of its own that is
   * left alone after the limit.
   */
  static HostLookup system(Duration limit) {
    return host -> {
      FutureTask<List<InetAddress>> lookup =
          new FutureTask<>(() -> List.of(InetAddress.getAllByName(host)));
      Thread thread = new Thread(lookup, "lookup-" + host);
      thread.setDaemon(true);
      thread.start();
      try {
        return lookup.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new UnknownHostException("no answer within " + limit.toMillis() + " ms");
      } catch (ExecutionException e) {
        throw new UnknownHostException("no address is known");
      }
    };
  }
}
