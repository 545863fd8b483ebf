package babelmux.worker.state;

import babelmux.worker.sources.SourceUrl;

/**
 * A stream that was posted and had not ended.
 *
 * @param streamId {@code [A-Za-z0-9_-]{1,64}}
 * @param source what it read
 */
public record SavedStream(String streamId, SourceUrl source) {}
