/** Reading objects that strangers wrote. */
@NullMarked
package babelmux.stsecho.payload;

import org.jspecify.annotations.NullMarked;
