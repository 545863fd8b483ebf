/** The speech-to-speech contract as a server speaks it: sessions, fragments, flow control. */
@NullMarked
package babelmux.stsecho.protocol;

import org.jspecify.annotations.NullMarked;
