/**
 * What somebody needs who looks for a fault from afar: a report of the worker, and a file of it.
 */
@NullMarked
package babelmux.app.support;

import org.jspecify.annotations.NullMarked;
