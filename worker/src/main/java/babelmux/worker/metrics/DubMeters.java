package babelmux.worker.metrics;

import babelmux.worker.session.FitAction;
import babelmux.worker.sts.FallbackReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import java.util.Map;

/** What became of each segment, from its cut to its slot. */
final class DubMeters {

  final Counter cut;
  final Counter sent;
  final Counter processed;
  final Counter fallback;
  final Map<FallbackReason, Counter> fallbacks;
  final Map<DubDiscard, Counter> discarded;
  final Map<FitAction, Counter> fitted;
  final Map<TrackType, Counter> segments;
  final DistributionSummary endToEnd;

  DubMeters(MeterSet set) {
    cut = set.counter("worker_segments_cut_total", "Segments cut from the source's sound.");
    sent = set.counter("worker_fragments_sent_total", "Fragments given to the STS.");
    String decided =
        "Segments by what fills their slot: the dub (processed) or the original (fallback). Each"
            + " segment counts once, when that is decided.";
    processed =
        set.counter("worker_audio_fragments_total", decided, Tags.of("status", "processed"));
    fallback = set.counter("worker_audio_fragments_total", decided, Tags.of("status", "fallback"));
    fallbacks =
        set.counters(
            "worker_fallback_total",
            "Slots left in the original sound, by reason.",
            "reason",
            FallbackReason.class,
            FallbackReason::tag);
    discarded =
        set.counters(
            "worker_dubs_discarded_total",
            "Answers of the STS that were thrown away, by reason.",
            "reason",
            DubDiscard.class,
            DubDiscard::label);
    fitted =
        set.counters(
            "worker_dubs_fitted_total",
            "Dubs that had to be changed to fill their slot, by what was done.",
            "action",
            FitAction.class,
            FitAction::tag);
    segments =
        set.counters(
            "media_service_worker_segments_processed_total",
            "Segments of the source that have passed the worker, by kind of track.",
            "type",
            TrackType.class,
            TrackType::label);
    endToEnd =
        set.histogram(
            "worker_chunk_end_to_end_latency_ms",
            "Time from the arrival of a segment's first sample to its write, in milliseconds.",
            6500,
            7000,
            8000,
            10_000,
            12_000,
            14_000,
            14_500,
            15_000,
            16_000,
            20_000,
            30_000,
            60_000);
  }
}
