/** Watching an STS server from outside. */
@NullMarked
package babelmux.stsecho.monitor;

import org.jspecify.annotations.NullMarked;
