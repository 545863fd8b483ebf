/**
 * Changes that MediaMTX makes to video on its way to an RTMP reader: parameter sets, DTS,
 * milliseconds.
 */
@NullMarked
package babelmux.origin.video;

import org.jspecify.annotations.NullMarked;
