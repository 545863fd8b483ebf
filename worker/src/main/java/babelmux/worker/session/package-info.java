/**
 * One stream's pipeline: reading and segmentation, the delay line, the dub track, the release. What
 * it decides with is in {@code timeline}; where it sends is in {@code output}.
 */
@NullMarked
package babelmux.worker.session;

import org.jspecify.annotations.NullMarked;
