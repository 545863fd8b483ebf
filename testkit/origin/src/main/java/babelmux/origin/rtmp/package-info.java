/**
 * RTMP as values: handshake, chunks, AMF0, commands and FLV tag headers; no sockets, no threads.
 */
@NullMarked
package babelmux.origin.rtmp;

import org.jspecify.annotations.NullMarked;
