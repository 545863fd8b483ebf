/**
 * Metrics and their names. A session calls {@link babelmux.worker.metrics.StreamMeters}; only this
 * package and the composition root know the registry behind it.
 */
@NullMarked
package babelmux.worker.metrics;

import org.jspecify.annotations.NullMarked;
