/** The HTTP port: health, metrics, the streams API, and the hooks' routes mounted beside them. */
@NullMarked
package babelmux.worker.api;

import org.jspecify.annotations.NullMarked;
