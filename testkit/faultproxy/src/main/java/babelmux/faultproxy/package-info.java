/** A TCP proxy on loopback that delays, throttles, stalls and breaks what passes through it. */
@NullMarked
package babelmux.faultproxy;

import org.jspecify.annotations.NullMarked;
