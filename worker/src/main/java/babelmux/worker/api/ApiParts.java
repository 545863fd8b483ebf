package babelmux.worker.api;

import babelmux.worker.config.PageConfig;
import babelmux.worker.hls.HlsSource;
import babelmux.worker.metrics.RequestRefusal;
import babelmux.worker.metrics.ScrapeFormat;
import babelmux.worker.streams.StreamDirectory;
import babelmux.worker.streams.StreamStatus;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The parts that the HTTP port shows. None of the parts is called on an event loop, except {@code
 * hooks} and what it mounts, {@code hookAnswered}, {@code hookRefused} and {@code writeRefused}.
 *
 * @param version of this program
 * @param streams the streams
 * @param metrics makes what a scraper gets
 * @param readiness tells whether new streams are accepted
 * @param hooks mounts the routes that MediaMTX's hooks call
 * @param hookAnswered is told how long the answer to a hook took
 * @param hookRefused is told why a hook was refused
 * @param writeRefused is told why another request that has to be allowed was refused
 * @param support makes the report for whoever looks for a fault
 * @param checkup looks at everything that the worker needs
 * @param page settings of what is shown
 * @param events what {@code GET /v1/events} is made of
 * @param browser what browsers are given
 * @param hls of the outputs
 */
public record ApiParts(
    String version,
    StreamDirectory streams,
    Function<ScrapeFormat, String> metrics,
    Supplier<Readiness> readiness,
    Consumer<Router> hooks,
    Consumer<Duration> hookAnswered,
    Consumer<RequestRefusal> hookRefused,
    Consumer<RequestRefusal> writeRefused,
    Supplier<Support> support,
    Checkup checkup,
    PageConfig page,
    EventParts events,
    Browser browser,
    HlsSource hls) {

  /** Without a report, without a doctor, without HLS, and with all words shown. */
  public ApiParts(
      String version,
      StreamDirectory streams,
      Function<ScrapeFormat, String> metrics,
      Supplier<Readiness> readiness,
      Consumer<Router> hooks,
      Consumer<Duration> hookAnswered,
      Consumer<RequestRefusal> hookRefused,
      Consumer<RequestRefusal> writeRefused) {
    this(
        version,
        streams,
        metrics,
        readiness,
        hooks,
        hookAnswered,
        hookRefused,
        writeRefused,
        () -> Support.NONE,
        Checkup.NONE,
        PageConfig.DEFAULTS,
        EventParts.none(),
        router -> {},
        HlsSource.NONE);
  }

  /** Without HLS. */
  public ApiParts(
      String version,
      StreamDirectory streams,
      Function<ScrapeFormat, String> metrics,
      Supplier<Readiness> readiness,
      Consumer<Router> hooks,
      Consumer<Duration> hookAnswered,
      Consumer<RequestRefusal> hookRefused,
      Consumer<RequestRefusal> writeRefused,
      Supplier<Support> support,
      Checkup checkup,
      PageConfig page,
      EventParts events,
      Browser browser) {
    this(
        version,
        streams,
        metrics,
        readiness,
        hooks,
        hookAnswered,
        hookRefused,
        writeRefused,
        support,
        checkup,
        page,
        events,
        browser,
        HlsSource.NONE);
  }

  /** What of a stream leaves the worker: with its words only where they are shown. */
  public StreamStatus shown(StreamStatus status) {
    return page.transcripts() ? status : status.withoutWords();
  }

  /** The same, with something that the HTTP port itself adds to the readiness. */
  ApiParts withReadiness(UnaryOperator<Readiness> more) {
    return new ApiParts(
        version,
        streams,
        metrics,
        () -> more.apply(readiness.get()),
        hooks,
        hookAnswered,
        hookRefused,
        writeRefused,
        support,
        checkup,
        page,
        events,
        browser,
        hls);
  }
}
