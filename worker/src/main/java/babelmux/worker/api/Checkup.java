package babelmux.worker.api;

import java.util.Optional;

/**
 * Looks at everything that the worker needs, from the publisher to the viewer, when it is asked to.
 * Implemented by whoever puts the worker together; any thread but an event loop.
 */
public interface Checkup {

  /** None: a worker that cannot look. */
  Checkup NONE =
      new Checkup() {
        @Override
        public Optional<Object> run(boolean publish) {
          return Optional.empty();
        }

        @Override
        public Optional<Object> last() {
          return Optional.empty();
        }
      };

  /**
   * Looks. Blocks, a minute at most.
   *
   * @param publish whether it also publishes for some seconds
   * @return the report, for JSON, without secrets; empty when another run is going on
   */
  Optional<Object> run(boolean publish) throws InterruptedException;

  /** The report of the last run; empty before the first. */
  Optional<Object> last();
}
