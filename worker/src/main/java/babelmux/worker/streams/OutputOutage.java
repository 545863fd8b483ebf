package babelmux.worker.streams;

/**
 * A connection to the stream's output on MediaMTX that was made and lost, and is not made again
 * yet.
 *
 * @param streamId the stream's
 * @param path on MediaMTX
 * @param connection counts the stream's connections: tells one outage from the next
 */
record OutputOutage(String streamId, String path, long connection) {}
