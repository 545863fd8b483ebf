package babelmux.worker.api;

import babelmux.worker.streams.StreamDirectory;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the HTTP port shows. None of the parts is called on an event loop, except {@code hooks} and
 * what it mounts, and {@code hookAnswered}.
 *
 * @param version of this program
 * @param streams the streams
 * @param metrics makes the Prometheus text
 * @param readiness tells whether new streams are accepted
 * @param hooks mounts the routes that MediaMTX's hooks call
 * @param hookAnswered is told how long the answer to a hook took
 */
public record ApiParts(
    String version,
    StreamDirectory streams,
    Supplier<String> metrics,
    Supplier<Readiness> readiness,
    Consumer<Router> hooks,
    Consumer<Duration> hookAnswered) {}
