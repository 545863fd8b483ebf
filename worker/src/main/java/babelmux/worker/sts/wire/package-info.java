/**
 * Traffic over the network between a worker and its STS service: messages, JSON, Socket.IO. The
 * only code that knows the Socket.IO client; nothing here decides what a link does.
 */
@NullMarked
package babelmux.worker.sts.wire;

import org.jspecify.annotations.NullMarked;
