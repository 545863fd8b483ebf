/** The command line: composes the worker, the stand-ins and the meter. */
@NullMarked
package babelmux.app;

import org.jspecify.annotations.NullMarked;
