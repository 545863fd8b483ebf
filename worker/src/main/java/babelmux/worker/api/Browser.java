package babelmux.worker.api;

import io.vertx.ext.web.Router;
import org.jspecify.annotations.Nullable;

/** What browsers are given. Implemented by whoever puts the worker together. */
@FunctionalInterface
public interface Browser {

  /** Mounts routes that are for everybody, before all others. They run on event loops. */
  void mount(Router router);

  /**
   * What publishers publish to, with {@code NAME} for the stream id and without credentials; null
   * when no such address is known. Any thread.
   */
  default @Nullable String publishTo() {
    return null;
  }
}
