/** End-to-end tests. */
@NullMarked
package babelmux.e2e;

import org.jspecify.annotations.NullMarked;
