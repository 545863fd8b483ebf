package babelmux.worker.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All settings there are, in the order in which they are documented. */
public final class Catalog {

  private static final List<Setting<?>> ALL =
      Stream.of(
              HttpConfig.SETTINGS,
              AccessConfig.HTTP_SETTINGS,
              AccessConfig.API_SETTINGS,
              PageConfig.SETTINGS,
              MediaMtxConfig.SETTINGS,
              InputConfig.SETTINGS,
              OutputConfig.SETTINGS,
              RecordConfig.SETTINGS,
              SourceConfig.SETTINGS,
              SourcesConfig.SETTINGS,
              Languages.SETTINGS,
              DelayConfig.SETTINGS,
              StsSettings.SETTINGS,
              SoundConfig.SETTINGS,
              SegmentConfig.SETTINGS,
              LimitsConfig.SETTINGS,
              AdmissionConfig.SETTINGS,
              DoctorConfig.SETTINGS,
              StateConfig.SETTINGS,
              MetricsConfig.SETTINGS,
              LogConfig.SETTINGS)
          .<Setting<?>>flatMap(List::stream)
          .toList();

  /** Variables of the systems that babelmux replaces, and why they have no effect here. */
  static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "WORKER_SEGMENT_DIR", "nothing on the media path touches the disk",
          "WORKER_SEGMENT_DURATION", "a segment is always 6s",
          "WORKER_METRICS_PORT", "metrics are at /metrics of http.port",
          "WORKER_AV_OFFSET_NS", "the delay is set with delay",
          "WORKER_AUDIO_SAMPLE_RATE_HZ", "the output has the source's rate",
          "WORKER_AUDIO_CHANNELS", "the output has the source's channels",
          "WORKER_STS_MAX_RETRIES", "only a refused fragment is sent again",
          "MEDIAMTX_RTSP_URL", "sources are read where input.url-template says");

  private Catalog() {}

  /** The settings that have a meaning for a file, too: {@code serve} and {@code dub} have them. */
  public static List<Setting<?>> ofFiles() {
    return Stream.of(
            StsSettings.OF_FILES,
            SoundConfig.SETTINGS,
            SegmentConfig.SETTINGS,
            List.of(OutputConfig.COPY_AUDIO))
        .<Setting<?>>flatMap(List::stream)
        .toList();
  }

  /** The settings that have a meaning for a relay, too. */
  public static List<Setting<?>> ofRelays() {
    List<Setting<?>> settings = new ArrayList<>(SourceConfig.SETTINGS);
    settings.add(OutputConfig.CA_FILE);
    return List.copyOf(settings);
  }

  /** Every setting. */
  public static List<Setting<?>> all() {
    return ALL;
  }

  static List<String> keys() {
    return ALL.stream().<String>map(Setting::key).toList();
  }
}
