/** What several parts of the worker need to run tasks on shared pools. */
@NullMarked
package babelmux.worker.concurrent;

import org.jspecify.annotations.NullMarked;
