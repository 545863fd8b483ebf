/** Hook commands as MediaMTX runs them: real processes, no shell, nothing retried. */
@NullMarked
package babelmux.origin.hook;

import org.jspecify.annotations.NullMarked;
