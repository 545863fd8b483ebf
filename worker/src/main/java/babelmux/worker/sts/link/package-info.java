/**
 * Behaviour of a link: it connects, opens sessions, sends fragments, deals with refusals and
 * settles every fragment in time.
 *
 * <p>{@link babelmux.worker.sts.link.LinkMachine} and what it holds decide, on one thread and on a
 * clock that is handed in; {@link babelmux.worker.sts.link.SerialLink} runs it on threads.
 */
@NullMarked
package babelmux.worker.sts.link;

import org.jspecify.annotations.NullMarked;
