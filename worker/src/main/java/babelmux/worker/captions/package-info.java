/**
 * What is said in a stream, as subtitles: words cut into cues, their times, WebVTT, and a book of
 * the cues of the last minutes.
 */
@NullMarked
package babelmux.worker.captions;

import org.jspecify.annotations.NullMarked;
