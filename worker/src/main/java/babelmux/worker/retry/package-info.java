/** When to try again. */
@NullMarked
package babelmux.worker.retry;

import org.jspecify.annotations.NullMarked;
