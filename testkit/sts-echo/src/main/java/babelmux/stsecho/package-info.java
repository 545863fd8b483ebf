/** A stand-in speech-to-speech server for tests, the demo and fault drills. */
@NullMarked
package babelmux.stsecho;

import org.jspecify.annotations.NullMarked;
