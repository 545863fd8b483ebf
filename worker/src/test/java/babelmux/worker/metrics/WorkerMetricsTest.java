package babelmux.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import babelmux.worker.session.DropReason;
import babelmux.worker.sound.FitAction;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.ProtocolViolation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks at the text that a scraper gets. */
@Tag("slow")
class WorkerMetricsTest {

  private final AtomicLong nanos = new AtomicLong();
  private final WorkerMetrics metrics =
      new WorkerMetrics("0.1.0", Duration.ofMinutes(15), nanos::get);

  @AfterEach
  void close() {
    metrics.close();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "worker_audio_fragments_total{status=\"processed\",stream_id=\"demo\"} 0.0",
        "worker_audio_fragments_total{status=\"fallback\",stream_id=\"demo\"} 0.0",
        "worker_fallback_total{reason=\"timeout\",stream_id=\"demo\"} 0.0",
        "worker_fallback_total{reason=\"error\",stream_id=\"demo\"} 0.0",
        "worker_fallback_total{reason=\"overload\",stream_id=\"demo\"} 0.0",
        "worker_fallback_total{reason=\"invalid_output\",stream_id=\"demo\"} 0.0",
        "worker_fallback_total{reason=\"breaker_open\",stream_id=\"demo\"} 0.0",
        "worker_fallback_total{reason=\"disconnected\",stream_id=\"demo\"} 0.0",
        "worker_fragments_sent_total{stream_id=\"demo\"} 0.0",
        "worker_inflight_fragments{stream_id=\"demo\"} 0.0",
        "worker_av_sync_delta_ms{stream_id=\"demo\"} 0.0",
        "worker_sts_breaker_state{stream_id=\"demo\"} 0.0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"50.0\"} 0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"100.0\"} 0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"250.0\"} 0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"500.0\"} 0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"1000.0\"} 0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"2000.0\"} 0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"4000.0\"} 0",
        "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"8000.0\"} 0",
        "worker_backpressure_events_total{action=\"pause\",stream_id=\"demo\"} 0.0",
        "worker_backpressure_events_total{action=\"slow_down\",stream_id=\"demo\"} 0.0",
        "worker_backpressure_events_total{action=\"none\",stream_id=\"demo\"} 0.0",
        "worker_reconnection_total{stream_id=\"demo\"} 0.0",
        "worker_chunk_end_to_end_latency_ms_bucket{stream_id=\"demo\",le=\"+Inf\"} 0",
        "media_service_worker_segments_processed_total{stream_id=\"demo\",type=\"video\"} 0.0",
        "media_service_worker_segments_processed_total{stream_id=\"demo\",type=\"audio\"} 0.0",
        "media_service_worker_info{version=\"0.1.0\"} 1",
        "media_service_worker_sts_inflight_fragments 0.0",
        "media_service_worker_circuit_breaker_state 0.0"
      })
  void theContractIsThereAtZeroFromTheStart(String line) {
    metrics.open("demo");
    assertThat(metrics.scrape().lines()).contains(line);
  }

  @Test
  void healthIsAskedForEachScrapeAndWhatWasNamedOnceGoesBackToZero() {
    AtomicReference<HealthReading> health =
        new AtomicReference<>(new HealthReading(false, Map.of("sts", 2, "new", 1)));
    metrics.health(List.of("sts", "posted"), health::get);
    assertThat(metrics.scrape().lines())
        .contains(
            "worker_ready 0.0",
            "worker_degraded{component=\"sts\"} 2.0",
            "worker_degraded{component=\"new\"} 1.0",
            "worker_degraded{component=\"posted\"} 0.0");
    health.set(new HealthReading(true, Map.of()));
    assertThat(metrics.scrape().lines())
        .contains(
            "worker_ready 1.0",
            "worker_degraded{component=\"sts\"} 0.0",
            "worker_degraded{component=\"new\"} 0.0");
  }

  @Test
  void theLastSegmentThatFellBackIsTheExemplar() {
    String id = "5a0cb1d3-7f0c-4d5e-9a0b-0123456789ab";
    StreamMeters demo = metrics.open("demo");
    demo.decidedFallback(FallbackReason.TIMEOUT, id);
    demo.decidedFallback(FallbackReason.ERROR, null);
    assertThat(metrics.scrape(ScrapeFormat.OPEN_METRICS).lines())
        .anyMatch(
            line ->
                line.startsWith(
                    "worker_fallback_total{reason=\"timeout\",stream_id=\"demo\"} 1.0"
                        + " # {fragment_id=\"%s\"} 1.0 ".formatted(id)))
        .contains(
            "worker_fallback_total{reason=\"error\",stream_id=\"demo\"} 1.0",
            "worker_fallback_total{reason=\"overload\",stream_id=\"demo\"} 0.0")
        .endsWith("# EOF");
    assertThat(metrics.scrape().lines())
        .contains("worker_fallback_total{reason=\"timeout\",stream_id=\"demo\"} 1.0")
        .noneMatch(line -> line.contains(id));
  }

  @Test
  void everyNameHasHelp() {
    metrics.open("demo");
    assertThat(metrics.scrape().lines().filter(line -> line.startsWith("# HELP")))
        .filteredOn(line -> !line.contains("_max "))
        .isNotEmpty()
        .allMatch(line -> line.strip().split(" ").length > 4);
  }

  @Test
  void callsTurnUpUnderTheirNames() {
    StreamMeters demo = metrics.open("demo");
    demo.segmentCut();
    demo.fragmentSent();
    demo.sentAudio("es").add(288_000, 48_000);
    demo.sentAudio("es").add(66_150, 44_100);
    demo.sentAudio("fr");
    demo.decidedProcessed();
    demo.decidedFallback(FallbackReason.BREAKER_OPEN, null);
    demo.inFlight(2);
    demo.breaker(BreakerState.OPEN);
    demo.roundTrip(Duration.ofMillis(60));
    demo.chunkEndToEnd(Duration.ofMillis(14_500));
    demo.avDelta(-1.5);
    demo.backpressure(BackpressureAction.PAUSE);
    demo.reconnection();
    demo.violation(ProtocolViolation.STALL);
    demo.audioSegmentProcessed();
    demo.videoSegmentProcessed();
    demo.packetIn(TrackType.VIDEO, 100);
    demo.packetOut(TrackType.AUDIO, 7);
    demo.dropped(DropReason.DESTINATION, 12);
    demo.dubDiscarded(DubDiscard.LATE);
    demo.dubFitted(new FitPlan(FitAction.SPED, 1.12, 112, 100));
    demo.dubFitted(new FitPlan(FitAction.REFUSED, 1, 310, 100));
    demo.dubGain(-2.5);
    demo.limited(Duration.ofMillis(250));
    demo.audioFrame(true);
    demo.audioFrame(true);
    demo.audioFrame(false);
    demo.lateness(Duration.ofMillis(3));
    demo.lateness(Duration.ofMillis(-3));
    demo.sourceReconnected();
    DestinationMeters out =
        demo.destination("out", new DestinationMeters.Reading(() -> 1, () -> 0.5, () -> 60));
    out.reconnected();
    out.sent(7);
    out.dropped(3);
    metrics.service().streamStarted();
    metrics.service().streamRefused(RefusalReason.FULL);
    metrics.service().hookAnswered(Duration.ofMillis(4));
    metrics.natives(() -> 42, () -> 1e6);

    assertThat(metrics.scrape().lines())
        .contains(
            "worker_segments_cut_total{stream_id=\"demo\"} 1.0",
            "worker_fragments_sent_total{stream_id=\"demo\"} 1.0",
            "worker_sts_audio_seconds_total{stream_id=\"demo\",target_language=\"es\"} 7.5",
            "worker_sts_audio_seconds_total{stream_id=\"demo\",target_language=\"fr\"} 0.0",
            "worker_audio_fragments_total{status=\"processed\",stream_id=\"demo\"} 1.0",
            "worker_audio_fragments_total{status=\"fallback\",stream_id=\"demo\"} 1.0",
            "worker_fallback_total{reason=\"breaker_open\",stream_id=\"demo\"} 1.0",
            "worker_inflight_fragments{stream_id=\"demo\"} 2.0",
            "media_service_worker_sts_inflight_fragments 2.0",
            "worker_sts_breaker_state{stream_id=\"demo\"} 2.0",
            "worker_sts_oddities_total{kind=\"stall\",stream_id=\"demo\"} 1.0",
            "media_service_worker_circuit_breaker_state 2.0",
            "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"50.0\"} 0",
            "worker_sts_rtt_ms_bucket{stream_id=\"demo\",le=\"100.0\"} 1",
            "worker_sts_rtt_ms_sum{stream_id=\"demo\"} 60.0",
            "worker_chunk_end_to_end_latency_ms_bucket{stream_id=\"demo\",le=\"14500.0\"} 1",
            "worker_av_sync_delta_ms{stream_id=\"demo\"} -1.5",
            "worker_backpressure_events_total{action=\"pause\",stream_id=\"demo\"} 1.0",
            "worker_reconnection_total{stream_id=\"demo\"} 1.0",
            "media_service_worker_segments_processed_total{stream_id=\"demo\",type=\"audio\"} 1.0",
            "media_service_worker_segments_processed_total{stream_id=\"demo\",type=\"video\"} 1.0",
            "worker_packets_received_total{stream_id=\"demo\",type=\"video\"} 1.0",
            "worker_received_bytes_total{stream_id=\"demo\"} 100.0",
            "worker_packets_sent_total{stream_id=\"demo\",type=\"audio\"} 1.0",
            "worker_sent_bytes_total{stream_id=\"demo\"} 7.0",
            "worker_packets_dropped_total{reason=\"destination\",stream_id=\"demo\"} 12.0",
            "worker_dubs_discarded_total{reason=\"late\",stream_id=\"demo\"} 1.0",
            "worker_dubs_fitted_total{action=\"sped\",stream_id=\"demo\"} 1.0",
            "worker_dubs_fitted_total{action=\"refused\",stream_id=\"demo\"} 1.0",
            "worker_fit_tempo_ratio_bucket{stream_id=\"demo\",le=\"1.1\"} 0",
            "worker_fit_tempo_ratio_bucket{stream_id=\"demo\",le=\"1.15\"} 1",
            "worker_fit_tempo_ratio_count{stream_id=\"demo\"} 1",
            "worker_fit_tempo_ratio_sum{stream_id=\"demo\"} 1.12",
            "worker_fit_length_ratio_bucket{stream_id=\"demo\",le=\"3.0\"} 1",
            "worker_fit_length_ratio_count{stream_id=\"demo\"} 2",
            "worker_dub_gain_decibels{stream_id=\"demo\"} -2.5",
            "worker_limited_seconds_total{stream_id=\"demo\"} 0.25",
            "worker_audio_frames_total{how=\"copied\",stream_id=\"demo\"} 2.0",
            "worker_audio_frames_total{how=\"encoded\",stream_id=\"demo\"} 1.0",
            "worker_release_lateness_seconds_count{stream_id=\"demo\"} 2",
            "worker_release_lateness_seconds_sum{stream_id=\"demo\"} 0.003",
            "worker_source_reconnections_total{stream_id=\"demo\"} 1.0",
            "worker_destination_reconnections_total{destination=\"out\",stream_id=\"demo\"} 1.0",
            "worker_destination_sent_bytes_total{destination=\"out\",stream_id=\"demo\"} 7.0",
            "worker_destination_dropped_packets_total{destination=\"out\",stream_id=\"demo\"} 3.0",
            "worker_destination_up{destination=\"out\",stream_id=\"demo\"} 1.0",
            "worker_destination_queue_seconds{destination=\"out\",stream_id=\"demo\"} 0.5",
            "worker_destination_uptime_seconds{destination=\"out\",stream_id=\"demo\"} 60.0",
            "worker_streams 1.0",
            "worker_streams_started_total 1.0",
            "worker_streams_refused_total{reason=\"full\"} 1.0",
            "worker_hook_answer_seconds_bucket{le=\"0.005\"} 1",
            "worker_native_objects 42.0",
            "process_resident_memory_bytes 1000000.0");
    assertThat(demo.counts().fallback()).containsOnlyKeys("breaker_open");
    assertThat(demo.counts().fitted()).containsOnly(entry("sped", 1L), entry("refused", 1L));
    assertThat(demo.counts().dubbed()).isEqualTo(1);
  }

  @Test
  void theSeriesOfAStreamGoAfterTheLinger() {
    StreamMeters demo = metrics.open("demo");
    metrics.open("other");
    demo.inFlight(3);
    demo.sentAudio("es").add(1, 48_000);
    demo.close();
    pass(Duration.ofMinutes(15).minusNanos(1));
    assertThat(metrics.scrape()).contains("worker_inflight_fragments{stream_id=\"demo\"} 0.0");
    pass(Duration.ofNanos(1));
    assertThat(metrics.scrape())
        .doesNotContain("\"demo\"")
        .contains("worker_inflight_fragments{stream_id=\"other\"}");
  }

  @Test
  void theSameIdWithinTheLingerGoesOnCountingAndIsNotTakenAway() {
    StreamMeters first = metrics.open("demo");
    first.segmentCut();
    first.close();
    pass(Duration.ofMinutes(14));
    StreamMeters second = metrics.open("demo");
    second.segmentCut();
    pass(Duration.ofMinutes(60));
    assertThat(metrics.scrape()).contains("worker_segments_cut_total{stream_id=\"demo\"} 2.0");
  }

  @Test
  void theSameIdAfterTheLingerStartsAnew() {
    StreamMeters first = metrics.open("demo");
    first.segmentCut();
    first.close();
    pass(Duration.ofMinutes(16));
    metrics.open("demo");
    assertThat(metrics.scrape()).contains("worker_segments_cut_total{stream_id=\"demo\"} 0.0");
  }

  @Test
  void aSessionThatDrainsBesideTheNextOneDoesNotEndTheSeries() {
    StreamMeters old = metrics.open("demo");
    metrics.open("demo");
    old.close();
    old.close();
    pass(Duration.ofHours(1));
    assertThat(metrics.scrape()).contains("worker_segments_cut_total{stream_id=\"demo\"}");
  }

  @Test
  void manyStreamsLeaveNothingBehindEvenIfNobodyScrapes() {
    int before = metrics.scrape().split("\n").length;
    for (int i = 0; i < 300; i++) {
      metrics.open("stream-" + i).close();
      pass(Duration.ofMinutes(5));
    }
    pass(Duration.ofMinutes(15));
    assertThat(metrics.scrape().split("\n")).hasSize(before);
  }

  /**
   * A stranger who publishes under ever new names must not fill the heap within the linger time.
   */
  @Test
  void twentyThousandIdsLeaveTheSeriesOfTheLastFewHundred() {
    StreamMeters running = metrics.open("running");
    for (int id = 0; id < 20_000; id++) {
      metrics.open("id-" + id).close();
    }
    String text = metrics.scrape();
    assertThat(streamsIn(text)).isEqualTo(WorkerMetrics.MAX_ENDED + 1);
    assertThat(text)
        .contains("worker_fragments_sent_total{stream_id=\"running\"}")
        .contains("worker_fragments_sent_total{stream_id=\"id-19999\"}")
        .doesNotContain("stream_id=\"id-19499\"")
        .contains("worker_streams 1.0");
    running.close();
  }

  private static long streamsIn(String text) {
    return text.lines().filter(line -> line.startsWith("worker_fragments_sent_total{")).count();
  }
}
