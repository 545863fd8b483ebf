@NullMarked
package babelmux.meter;

import org.jspecify.annotations.NullMarked;
