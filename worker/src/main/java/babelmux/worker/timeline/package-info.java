/**
 * Time as values: sample counts, the segment grid, stretches of source time, the release clock.
 * Nothing here has a thread, a clock of its own or anything native.
 */
@NullMarked
package babelmux.worker.timeline;

import org.jspecify.annotations.NullMarked;
