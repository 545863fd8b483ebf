/** The streams that this worker runs: what is known about each, and how to end one. */
@NullMarked
package babelmux.worker.streams;

import org.jspecify.annotations.NullMarked;
