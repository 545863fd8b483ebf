/** Which hosts may be connected: looked up, checked against a setting, connected as checked. */
@NullMarked
package babelmux.worker.hosts;

import org.jspecify.annotations.NullMarked;
