package babelmux.worker.output;

import org.jspecify.annotations.Nullable;

/**
 * A destination at one moment.
 *
 * @param lastError null when nothing has failed yet
 * @param bytes payload bytes written over all its connections
 * @param dropped packets that it did not get
 * @param reconnects connections after the first one
 */
public record DestinationStatus(
    DestinationState state,
    @Nullable String lastError,
    long bytes,
    long dropped,
    long reconnects) {}
