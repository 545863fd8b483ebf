package babelmux.worker.state;

import babelmux.worker.destinations.DestinationUrl;

/**
 * A destination that the API has added to a stream that had not ended.
 *
 * @param streamId {@code [A-Za-z0-9_-]{1,64}}
 * @param name as setting {@code output.destinations} would have it
 */
public record SavedDestination(String streamId, String name, DestinationUrl url) {}
