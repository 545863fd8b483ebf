/** Tests of the media that tests use. */
@NullMarked
package babelmux.testmedia;

import org.jspecify.annotations.NullMarked;
