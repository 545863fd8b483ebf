/** Certificates that servers are checked against. */
@NullMarked
package babelmux.worker.tls;

import org.jspecify.annotations.NullMarked;
