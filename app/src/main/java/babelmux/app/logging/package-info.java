/** What the log is written with: formats, and the last lines. */
@NullMarked
package babelmux.app.logging;

import org.jspecify.annotations.NullMarked;
