package babelmux.worker.streams;

import babelmux.worker.destinations.DestinationUrl;

/**
 * A destination that the API asks for.
 *
 * @param streamId the stream that is to be sent there
 * @param name as setting {@code output.destinations} would have it
 * @param url where it is
 */
public record DestinationRequest(String streamId, String name, DestinationUrl url) {}
