package babelmux.app.doctor;

import babelmux.worker.sts.StsReach;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of an STS, step by step; null from the first step on that was not made.
 *
 * @param reach the connection
 * @param fragmentBytes length of the message that carries the test fragment
 * @param opening the answer to {@code stream:init}
 * @param reply the answer to the test fragment
 */
record StsObservation(
    StsReach reach, long fragmentBytes, @Nullable StsOpening opening, @Nullable StsReply reply) {}
