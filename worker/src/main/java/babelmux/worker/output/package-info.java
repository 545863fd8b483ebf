/** Destinations of the output: each with its own queue, thread, connection and state. */
@NullMarked
package babelmux.worker.output;

import org.jspecify.annotations.NullMarked;
