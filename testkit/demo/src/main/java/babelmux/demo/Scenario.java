package babelmux.demo;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One run of the seven steps.
 *
 * @param streamId the stream
 * @param fixture what is published
 * @param offsetSeconds added to the publisher's times; 0 publishes plainly, 2 or more loses nothing
 * @param recording where the viewer's recording goes
 * @param delay the worker's D
 */
public record Scenario(
    String streamId, Path fixture, int offsetSeconds, Path recording, Duration delay) {}
