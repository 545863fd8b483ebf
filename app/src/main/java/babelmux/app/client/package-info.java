/** A running worker, as another command of this machine asks it. */
@NullMarked
package babelmux.app.client;

import org.jspecify.annotations.NullMarked;
