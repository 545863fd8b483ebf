package babelmux.worker.recording;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file when it begins.
 *
 * @param streamId whose output it holds
 * @param sourceLanguage that the original speaks
 * @param targetLanguage that the dubs speak
 * @param startedAt wall clock
 * @param zeroUs the output time of the file's time 0, microseconds
 * @param sampleRateHz of its audio; null without audio
 */
record RecordingInfo(
    String streamId,
    String sourceLanguage,
    String targetLanguage,
    Instant startedAt,
    long zeroUs,
    @Nullable Integer sampleRateHz) {}
