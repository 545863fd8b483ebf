/**
 * The link of a stream to the speech-to-speech (STS) service over Socket.IO: one session at a time,
 * fragments out, dubs in, every fragment settled in time whatever the service does.
 *
 * <p>This is what the rest of the worker sees. {@link babelmux.worker.sts.StsLinks} makes the
 * links; {@code sts.link} decides what a link does, {@code sts.wire} reads and writes what goes
 * over the network.
 */
@NullMarked
package babelmux.worker.sts;

import org.jspecify.annotations.NullMarked;
