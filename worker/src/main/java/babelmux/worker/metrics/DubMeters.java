package babelmux.worker.metrics;

import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.FitAction;
import babelmux.worker.sts.FallbackReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Tags;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of each segment, from its cut to its slot. */
final class DubMeters {

  final Counter cut;
  final Counter sent;
  final Counter processed;
  final Counter fallback;
  final Map<FallbackReason, FallbackCounter> fallbacks;
  final Map<DubDiscard, Counter> discarded;
  final Map<FitAction, Counter> fitted;
  final Map<DeadDub, Counter> dead;
  final DistributionDataPoint lengthRatio;
  final DistributionDataPoint tempoRatio;
  final Map<TrackType, Counter> segments;
  final DistributionSummary endToEnd;
  final Counter limitedSeconds;
  final Counter copiedFrames;
  final Counter encodedFrames;
  final Counter vetoes;
  final AtomicLong gainBits = new AtomicLong(Double.doubleToLongBits(0));

  DubMeters(MeterSet set, Map<FallbackReason, FallbackCounter> fallbacks) {
    this.fallbacks = fallbacks;
    cut = set.counter("worker_segments_cut_total", "Segments cut from the source's audio.");
    sent = set.counter("worker_fragments_sent_total", "Fragments given to the STS.");
    String decided =
        "Segments by what fills their slot: the dub (processed) or the original (fallback). Each"
            + " segment counts once, when that is decided.";
    processed =
        set.counter("worker_audio_fragments_total", decided, Tags.of("status", "processed"));
    fallback = set.counter("worker_audio_fragments_total", decided, Tags.of("status", "fallback"));
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
            "Dubs by what was done to make them as long as their slot.",
            "action",
            FitAction.class,
            FitAction::tag);
    dead =
        set.counters(
            "worker_dead_dubs_total",
            "Dubs that came in time, were played and say nothing, from the third in a row on.",
            "kind",
            DeadDub.class,
            DeadDub::tag);
    lengthRatio =
        set.ratios(
            "worker_fit_length_ratio",
            "Length of a dub without the silence at its end, divided by the length of its slot.",
            0.5,
            0.8,
            0.9,
            0.95,
            0.99,
            1.01,
            1.05,
            1.1,
            1.25,
            1.5,
            2,
            3);
    tempoRatio =
        set.ratios(
            "worker_fit_tempo_ratio",
            "Tempo factor of a dub that makes it fit its slot; 1 is its own pace.",
            0.95,
            1,
            1.05,
            1.1,
            1.15,
            1.2,
            1.25,
            1.5,
            2);
    vetoes = set.counter("worker_vetoes_total", "Slots whose dub an operator's veto kept off air.");
    String frames =
        "Frames of AAC in the output: the source's own packets (copied), or made by the worker"
            + " (encoded).";
    copiedFrames = set.counter("worker_audio_frames_total", frames, Tags.of("how", "copied"));
    encodedFrames = set.counter("worker_audio_frames_total", frames, Tags.of("how", "encoded"));
    limitedSeconds =
        set.counter(
            "worker_limited_seconds_total",
            "Mixed audio that was made lower because its peaks were too high.");
    set.gauge(
        "worker_dub_gain_decibels",
        "Gain that brings the dubs to the original's loudness.",
        () -> Double.longBitsToDouble(gainBits.get()));
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
