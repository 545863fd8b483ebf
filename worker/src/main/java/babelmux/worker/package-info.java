/** The dubbing worker. */
@NullMarked
package babelmux.worker;

import org.jspecify.annotations.NullMarked;
