package babelmux.worker.recording;

import org.jspecify.annotations.Nullable;

/**
 * Description of a slot.
 *
 * @param number counts the stream's segments from 0
 * @param fragmentId the segment's name in logs and the API
 * @param startUs output time, microseconds
 * @param endUs output time, microseconds
 * @param dub whether it was decided that the dub fills it; else the original does
 * @param reason why the original is heard, wholly or in part; null when the dub is
 * @param detail of the reason, for people; null when the dub is heard
 * @param transcript of the original; null when the STS did not tell
 * @param translation that the dub says; null when the STS did not tell
 * @param aired whether the dub was heard
 */
record SlotEntry(
    long number,
    String fragmentId,
    long startUs,
    long endUs,
    boolean dub,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable String transcript,
    @Nullable String translation,
    boolean aired) {}
