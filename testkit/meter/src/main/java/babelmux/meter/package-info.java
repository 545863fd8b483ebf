/** Measures recordings from outside: marks, A/V error, tones, lengths, slices. */
@NullMarked
package babelmux.meter;

import org.jspecify.annotations.NullMarked;
