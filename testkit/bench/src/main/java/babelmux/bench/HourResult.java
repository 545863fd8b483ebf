package babelmux.bench;

import babelmux.demo.Scrape;
import babelmux.meter.AvReport;
import babelmux.meter.DriftReport;
import babelmux.meter.LiveCapture;
import babelmux.meter.Recording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Captures of two readers, one before the worker and one behind it, and the worker's side of it.
 *
 * @param scrape the worker's metrics at the end
 * @param startBytes resident memory of the worker once it was warm
 * @param endBytes the same at the end
 * @param cpuPercent of a core, the worker's
 */
record HourResult(
    LiveCapture before,
    LiveCapture behind,
    Scrape scrape,
    double startBytes,
    double endBytes,
    double cpuPercent) {

  private static final double MIB = 1 << 20;
  private static final double P95_GOAL_MS = 10;
  private static final double MAX_GOAL_MS = 21.3;
  private static final double DRIFT_GOAL_MS = 1;
  private static final double FRAME_MS = 1000 / 30.0;
  // What the meter itself cannot tell from nothing.
  private static final double SLIP_GOAL_SAMPLES = 1;
  private static final double LENGTH_GOAL_MS = 1;

  DriftReport course() {
    return DriftReport.of(before.recording(), behind.recording());
  }

  List<Figure> figures() {
    DriftReport course = course();
    List<Figure> figures = new ArrayList<>();
    AvReport.Size added = course.addedAv();
    figures.add(Figure.of("flashes and beeps compared", added.count(), "pairs"));
    figures.add(Figure.of("added A/V error, p50", added.p50Us() / 1e3, "ms"));
    figures.add(Figure.goal("added A/V error, p95", added.p95Us() / 1e3, "ms", P95_GOAL_MS));
    figures.add(Figure.goal("added A/V error, max", added.maxUs() / 1e3, "ms", MAX_GOAL_MS));
    figures.add(
        Figure.goal(
            "drift of the audio against the video, size",
            Math.abs(course.driftMsPerHour()),
            "ms an hour",
            DRIFT_GOAL_MS));
    figures.add(
        Figure.goal(
            "drift of the video's times, size",
            Math.abs(course.delayDriftMsPerHour()),
            "ms an hour",
            DRIFT_GOAL_MS));
    figures.add(
        Figure.goal(
            "flashes, the farthest from the usual offset",
            farthestMs(course.flashOffsets()),
            "ms",
            FRAME_MS));
    figures.add(Figure.goal("flashes missing", course.flashesMissing(), "", 0));
    figures.add(Figure.goal("beeps missing", course.beepsMissing(), "", 0));
    figures.add(
        Figure.goal(
            "samples missing or too many",
            (double) Math.abs(course.slipSamples()),
            "",
            SLIP_GOAL_SAMPLES));
    sound(figures);
    arrival(figures);
    Map<String, String> processed = Map.of("status", "processed");
    figures.add(
        Figure.of("segments dubbed", scrape.sum("worker_audio_fragments_total", processed), ""));
    figures.add(
        Figure.goal(
            "segments that fell back to original audio",
            scrape.sum("worker_fallback_total", Map.of()),
            "",
            0));
    figures.add(Figure.of("worker, CPU", cpuPercent, "% of a core"));
    figures.add(Figure.of("worker, resident after 2 min", startBytes / MIB, "MiB"));
    figures.add(Figure.of("worker, resident at the end", endBytes / MIB, "MiB"));
    return figures;
  }

  private static double farthestMs(AvReport.Offsets offsets) {
    return Math.max(offsets.maxUs() - offsets.medianUs(), offsets.medianUs() - offsets.minUs())
        / 1e3;
  }

  private void sound(List<Figure> figures) {
    Recording.Audio audio = behind.recording().audio();
    if (audio == null) {
      figures.add(Figure.goal("sound tracks missing", 1, "", 0));
      return;
    }
    double counted = audio.durationSamples() * 1e3 / audio.sampleRate();
    double timed = (audio.endUs() - audio.startUs()) / 1e3;
    figures.add(Figure.goal("holes and overlaps in the sound", audio.gaps().size(), "", 0));
    figures.add(
        Figure.goal(
            "length by samples against length by times",
            Math.abs(counted - timed),
            "ms",
            LENGTH_GOAL_MS));
    figures.add(Figure.goal("packets that cannot be decoded", audio.decodeErrors(), "", 0));
  }

  /** On the clock, as far as two readers of the same process can tell. */
  private void arrival(List<Figure> figures) {
    double[] delays = DriftReport.delaysMs(before, behind);
    if (delays.length > 0) {
      Quantiles quantiles = Quantiles.of(delays);
      double least = Arrays.stream(delays).min().orElse(0);
      figures.add(Figure.of("delay of a flash on the clock, min", least, "ms"));
      figures.add(Figure.of("delay of a flash on the clock, p50", quantiles.p50(), "ms"));
      figures.add(Figure.of("delay of a flash on the clock, p99", quantiles.p99(), "ms"));
      figures.add(Figure.of("delay of a flash on the clock, max", quantiles.max(), "ms"));
    }
  }
}
