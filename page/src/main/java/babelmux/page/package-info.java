/** The operator's page: its files, and the routes that serve them. */
@NullMarked
package babelmux.page;

import org.jspecify.annotations.NullMarked;
