package babelmux.worker.session;

import babelmux.worker.sts.FallbackReason;
import org.jspecify.annotations.Nullable;

/**
 * A slot at one moment.
 *
 * @param number the segment's index
 * @param fragmentId the segment's name in logs, and at the service when it was sent
 * @param startUs output time of its first sample, microseconds
 * @param endUs behind its last one
 * @param state what was decided about it; a veto does not change that
 * @param reason why it fell back; null when it did not
 * @param vetoed whether the original is heard in it whatever was decided
 * @param aired whether its first sample has left
 * @param transcript of the segment, as the STS gave it; null when it did not, or not yet
 * @param translation what the dub says
 */
public record SlotStatus(
    long number,
    String fragmentId,
    long startUs,
    long endUs,
    SlotState state,
    @Nullable FallbackReason reason,
    boolean vetoed,
    boolean aired,
    @Nullable String transcript,
    @Nullable String translation) {}
