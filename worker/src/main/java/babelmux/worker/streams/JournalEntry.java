package babelmux.worker.streams;

/**
 * An event of one of the worker's streams, with its place among those of all streams.
 *
 * @param number from 1, without holes
 * @param streamId the stream that it happened to
 * @param event what happened
 */
public record JournalEntry(long number, String streamId, StreamDebug.Event event) {}
