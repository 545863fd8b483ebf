/**
 * Publishes, records and makes media in the process, on FFmpeg's libraries: no program has to be
 * installed. Shares no code with the worker's sources and sinks, so that it can judge them.
 */
@NullMarked
package babelmux.testmedia;

import org.jspecify.annotations.NullMarked;
