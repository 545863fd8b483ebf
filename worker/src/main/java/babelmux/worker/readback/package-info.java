/** Outputs as a viewer gets them: opened, read for a moment, judged. */
@NullMarked
package babelmux.worker.readback;

import org.jspecify.annotations.NullMarked;
