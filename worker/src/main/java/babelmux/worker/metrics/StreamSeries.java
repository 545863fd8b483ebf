package babelmux.worker.metrics;

import babelmux.worker.sts.FallbackReason;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The series of one stream id: shared by the sessions that carry this id one after the other. */
final class StreamSeries {

  final DubMeters dub;
  final LinkMeters link;
  final PathMeters path;
  final RecordingMeters recording;
  private final MeterSet set;
  // By target language; guarded by itself.
  private final Map<String, SentAudioMeter> sentAudio = new HashMap<>();
  private final Function<String, MeterSet> setOfDestination;
  // Guarded by itself.
  private final Map<String, DestinationSeries> destinations = new HashMap<>();
  private int sessions;
  private long endedAtNanos;

  /**
   * @param fallbacks the stream's, whoever made them takes them away
   * @param setOfDestination makes the meters of a destination, by its name
   */
  StreamSeries(
      MeterSet set,
      Map<FallbackReason, FallbackCounter> fallbacks,
      Function<String, MeterSet> setOfDestination) {
    this.set = set;
    this.setOfDestination = setOfDestination;
    dub = new DubMeters(set, fallbacks);
    link = new LinkMeters(set);
    path = new PathMeters(set);
    recording = new RecordingMeters(set);
  }

  void sessionOpened() {
    sessions++;
  }

  void sessionClosed(long nowNanos) {
    sessions--;
    if (sessions == 0) {
      endedAtNanos = nowNanos;
      link.rest();
    }
  }

  boolean isRunning() {
    return sessions > 0;
  }

  boolean isOver(long nowNanos, long lingerNanos) {
    return !isRunning() && nowNanos - endedAtNanos >= lingerNanos;
  }

  /** The meter of the audio that is sent to be dubbed to a language. */
  SentAudioMeter sentAudio(String targetLanguage) {
    synchronized (sentAudio) {
      return sentAudio.computeIfAbsent(
          targetLanguage,
          language ->
              new SentAudioMeter(
                  set.counter(
                      "worker_sts_audio_seconds_total",
                      "Audio sent to the STS, fragments that were sent again included.",
                      Tags.of("target_language", language))));
    }
  }

  /** The meters of a destination for one session. */
  DestinationMeters destination(String name, DestinationMeters.Reading reading) {
    synchronized (destinations) {
      DestinationSeries series =
          destinations.computeIfAbsent(
              name, key -> new DestinationSeries(setOfDestination.apply(key)));
      return new DestinationMeters(series, reading, () -> removeUnused(name, series));
    }
  }

  private void removeUnused(String name, DestinationSeries series) {
    synchronized (destinations) {
      if (!series.isUsed() && destinations.remove(name, series)) {
        series.remove();
      }
    }
  }

  void remove() {
    set.remove();
    synchronized (destinations) {
      destinations.values().forEach(DestinationSeries::remove);
      destinations.clear();
    }
  }
}
