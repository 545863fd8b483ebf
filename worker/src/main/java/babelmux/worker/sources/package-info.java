/** Sources that the API names: what their URLs may be, and from which addresses they are read. */
@NullMarked
package babelmux.worker.sources;

import org.jspecify.annotations.NullMarked;
