/**
 * Time as values: sample counts, the segment grid, contiguous runs of the source, the release
 * clock. Nothing here has a thread, a clock of its own or anything native.
 */
@NullMarked
package babelmux.worker.timeline;

import org.jspecify.annotations.NullMarked;
