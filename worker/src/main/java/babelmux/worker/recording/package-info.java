/**
 * Recordings of the output: the media in fragments that can be played whatever happens to the
 * process, its words as WebVTT, and what each slot is as JSON. A recording never holds up its
 * stream.
 */
@NullMarked
package babelmux.worker.recording;

import org.jspecify.annotations.NullMarked;
