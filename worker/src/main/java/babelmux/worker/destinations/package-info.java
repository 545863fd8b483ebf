/**
 * Where streams are sent beside their own output: who chooses, whose turn it is, how it connects.
 */
@NullMarked
package babelmux.worker.destinations;

import org.jspecify.annotations.NullMarked;
