/** The fault drill: which trouble befalls which message. Pure values; the protocol commits them. */
@NullMarked
package babelmux.stsecho.drill;

import org.jspecify.annotations.NullMarked;
