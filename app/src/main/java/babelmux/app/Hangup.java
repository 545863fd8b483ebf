package babelmux.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes SIGHUP an order to read files again; left alone, it would end the process. For the life of
 * the process.
 */
final class Hangup {

  private static final Logger log = LoggerFactory.getLogger(Hangup.class);

  private final Semaphore asked = new Semaphore(0);

  Hangup() {}

  /** From now on the signal ends nothing. Where a system has no such signal nothing happens. */
  static Hangup install() {
    Hangup hangup = new Hangup();
    try {
      // Only by reflection: the compiler warns of every mention, and there is no other way.
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler called = hangup::called;
      Object ours =
          Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, called);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
    } catch (ReflectiveOperationException e) {
      log.info("SIGHUP is not handled here: {}", String.valueOf(e.getCause()));
    }
    return hangup;
  }

  private @Nullable Object called(Object proxy, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "handle" -> {
        ask();
        yield null;
      }
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "Hangup";
    };
  }

  /** The signal came. Any thread; does not block. */
  void ask() {
    asked.release();
  }

  /**
   * Does this after each signal, on a thread of its own that keeps no process alive. A signal that
   * came before is made up for; several that come while it works are one; whatever it throws, the
   * next signal is served. Once.
   */
  void then(Runnable work) {
    Thread thread = new Thread(() -> serve(work), "hangup");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Runnable work) {
    try {
      while (true) {
        asked.acquire();
        asked.drainPermits();
        attempt(work);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      log.error("SIGHUP: reading files again failed; send it again", e);
    }
  }
}
