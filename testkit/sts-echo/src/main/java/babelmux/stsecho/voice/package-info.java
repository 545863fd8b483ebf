/** Voice of the stand-in: the sound that goes back for the sound that came. */
@NullMarked
package babelmux.stsecho.voice;

import org.jspecify.annotations.NullMarked;
