package babelmux.worker.sts;

import org.jspecify.annotations.Nullable;

/**
 * A link as seen from outside.
 *
 * @param sessionId the service's name for the session; null when there is none
 * @param generation see {@link StsLink#generation()}
 * @param window how many fragments may be unanswered at a time
 * @param inFlight fragments sent in this session and not settled
 * @param waiting fragments accepted and not sent
 * @param lastError the last thing that went wrong, with whose fault it was; null if nothing
 * @param rttLastMs round trip of the last answer, late ones included; -1 before the first
 * @param rttP99Ms of the last 256 answers, late ones included; -1 before the first
 * @param reconnects attempts to connect again since the link was opened
 * @param attempt number of the attempt within this outage; 0 when connected
 * @param nextAttemptMs time to the next attempt at the last event; -1 when none is planned
 */
public record LinkStatus(
    LinkState state,
    @Nullable String sessionId,
    long generation,
    int window,
    int inFlight,
    int waiting,
    BreakerState breaker,
    @Nullable String lastError,
    long rttLastMs,
    long rttP99Ms,
    long reconnects,
    int attempt,
    long nextAttemptMs) {}
