/** Executors with which several parts of the worker run tasks on shared pools. */
@NullMarked
package babelmux.worker.concurrent;

import org.jspecify.annotations.NullMarked;
