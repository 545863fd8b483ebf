/** A stand-in for MediaMTX, in-process, for the demo and the tests; never for production. */
@NullMarked
package babelmux.origin;

import org.jspecify.annotations.NullMarked;
