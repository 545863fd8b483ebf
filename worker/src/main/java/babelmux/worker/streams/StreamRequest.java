package babelmux.worker.streams;

import babelmux.worker.sources.SourceUrl;

/**
 * A stream that the API asks for.
 *
 * @param streamId {@code [A-Za-z0-9_-]{1,64}}
 * @param source what is read
 */
public record StreamRequest(String streamId, SourceUrl source) {}
