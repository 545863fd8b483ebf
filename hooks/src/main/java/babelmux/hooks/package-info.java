/** The MediaMTX side: hook endpoint, event pairing, Control API client. */
@NullMarked
package babelmux.hooks;

import org.jspecify.annotations.NullMarked;
