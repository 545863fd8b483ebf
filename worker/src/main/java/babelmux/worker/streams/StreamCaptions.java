package babelmux.worker.streams;

import babelmux.worker.captions.CaptionBook;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is needed to show the words of the stream that is on air beside its output.
 *
 * @param startedAt when the stream was accepted, wall clock: tells it from the next one of its id
 * @param sourceLanguage of the transcript
 * @param targetLanguage of the translation
 * @param outputPath the output's path on MediaMTX; null when it goes elsewhere
 * @param book the cues; null when words are not shown
 * @param outputStartUs output time at which the output begins, microseconds
 * @param outputUs output time that is due now, microseconds; empty before the first packet was read
 */
public record StreamCaptions(
    Instant startedAt,
    String sourceLanguage,
    String targetLanguage,
    @Nullable String outputPath,
    @Nullable CaptionBook book,
    long outputStartUs,
    Supplier<OptionalLong> outputUs) {}
