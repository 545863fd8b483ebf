/**
 * The link and services of several makes: what sts-echo lets through would not notice what both
 * misunderstand alike.
 */
@NullMarked
package babelmux.worker.sts.contract;

import org.jspecify.annotations.NullMarked;
