/** What came by the API and survives a restart, in small files. */
@NullMarked
package babelmux.worker.state;

import org.jspecify.annotations.NullMarked;
