/**
 * HLS around MediaMTX's: its playlists are read and made anew, its media timeline is found, and
 * playlists of subtitles are put beside them.
 */
@NullMarked
package babelmux.worker.hls;

import org.jspecify.annotations.NullMarked;
