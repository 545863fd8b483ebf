package babelmux.worker.api;

/**
 * A journal event as it is sent.
 *
 * @param number its place among the events of all streams
 * @param streamId the stream that it happened to
 * @param text server-sent event, shared by all readers: not to be changed
 */
record JournalText(long number, String streamId, byte[] text) {}
