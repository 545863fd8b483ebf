/**
 * Benchmarks that anyone can repeat: each starts what it needs on this machine, measures from
 * outside, ends by itself, and prints a table or JSON.
 */
@NullMarked
package babelmux.bench;

import org.jspecify.annotations.NullMarked;
