package babelmux.worker.sts.link;

import babelmux.worker.sts.StsObserver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what an observer throws from the link. */
final class QuietObserver {
  private static final Logger log = LoggerFactory.getLogger(QuietObserver.class);

  private QuietObserver() {}

  static StsObserver of(String streamId, StsObserver observer) {
    return (StsObserver)
        Proxy.newProxyInstance(
            StsObserver.class.getClassLoader(),
            new Class<?>[] {StsObserver.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(observer, arguments);
              } catch (InvocationTargetException e) {
                log.error("stream {}: an observer of the STS link failed", streamId, e.getCause());
                return null;
              }
            });
  }
}
