/** {@code babelmux drill}: faults between the parts of an installation, on request. */
@NullMarked
package babelmux.app.drill;

import org.jspecify.annotations.NullMarked;
