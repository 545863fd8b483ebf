/**
 * Typed settings. A setting is declared once, in the record of its subject; the loader reads flags,
 * environment, file and defaults in this order and refuses what it does not understand.
 */
@NullMarked
package babelmux.worker.config;

import org.jspecify.annotations.NullMarked;
