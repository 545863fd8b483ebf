/** The FFmpeg boundary: demux, mux, decode, encode; the only code that knows org.bytedeco. */
@NullMarked
package babelmux.media;

import org.jspecify.annotations.NullMarked;
