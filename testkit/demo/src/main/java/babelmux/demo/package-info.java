/** The seven steps: everything on one machine, looked at from outside, measured and reported. */
@NullMarked
package babelmux.demo;

import org.jspecify.annotations.NullMarked;
