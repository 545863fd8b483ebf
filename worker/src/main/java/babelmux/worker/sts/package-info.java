/**
 * The link of a stream to the speech-to-speech (STS) service over Socket.IO: one session at a time,
 * fragments out, dubs in, every fragment settled in time whatever the service does.
 *
 * <p>{@link babelmux.worker.sts.LinkMachine} and what it holds decide, on one thread and on a clock
 * that is handed in; {@link babelmux.worker.sts.SerialLink} and {@link
 * babelmux.worker.sts.StsConnection} carry out.
 */
@NullMarked
package babelmux.worker.sts;

import org.jspecify.annotations.NullMarked;
