/** {@code babelmux doctor}: what is there, what is missing, and what to do about it. */
@NullMarked
package babelmux.app.doctor;

import org.jspecify.annotations.NullMarked;
