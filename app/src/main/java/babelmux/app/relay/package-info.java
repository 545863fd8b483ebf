/** The relay's command line and report. */
@NullMarked
package babelmux.app.relay;

import org.jspecify.annotations.NullMarked;
