package babelmux.worker.output;

import org.jspecify.annotations.Nullable;

/**
 * A destination at one moment.
 *
 * @param lastError null when nothing has failed yet
 * @param bytes payload bytes written over all its connections
 * @param dropped packets that it did not get
 * @param reconnects connections after the first one
 * @param queueUs media time that waits to be sent, microseconds
 * @param connectedUs how long its connection has stood, microseconds; 0 when there is none
 */
public record DestinationStatus(
    DestinationState state,
    @Nullable String lastError,
    long bytes,
    long dropped,
    long reconnects,
    long queueUs,
    long connectedUs) {}
