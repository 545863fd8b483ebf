package babelmux.worker.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All settings of a worker, checked one by one and against each other. */
public record WorkerConfig(
    HttpConfig http,
    AccessConfig access,
    PageConfig page,
    MediaMtxConfig mediaMtx,
    InputConfig input,
    OutputConfig output,
    RecordConfig record,
    SourceConfig source,
    SourcesConfig sources,
    Languages languages,
    DelayConfig delay,
    StsSettings sts,
    SoundConfig sound,
    SegmentConfig segment,
    LimitsConfig limits,
    AdmissionConfig admission,
    DoctorConfig doctor,
    StateConfig state,
    MetricsConfig metrics,
    LogConfig log) {

  public WorkerConfig {
    String out = output.urlTemplate().pathOnServer("x", languages);
    if (input.pathPattern().matcher(out).matches()) {
      throw new IllegalArgumentException(
          "the output would be an input again: expected a path that the pattern does not match");
    }
  }

  /** Every setting at its default. */
  public static WorkerConfig defaults() {
    return ConfigLoader.load(Map.of(), Map.of(), null).config();
  }

  static @Nullable WorkerConfig from(Values values) {
    HttpConfig http = HttpConfig.from(values);
    AccessConfig access = AccessConfig.from(values);
    PageConfig page = PageConfig.from(values, http);
    MediaMtxConfig mediaMtx = MediaMtxConfig.from(values);
    InputConfig input = InputConfig.from(values);
    OutputConfig output = OutputConfig.from(values);
    RecordConfig record = RecordConfig.from(values);
    SourceConfig source = SourceConfig.from(values);
    SourcesConfig sources = SourcesConfig.from(values);
    Languages languages = Languages.from(values);
    DelayConfig delay = DelayConfig.from(values);
    StsSettings sts = StsSettings.from(values);
    SoundConfig sound = SoundConfig.from(values);
    SegmentConfig segment = SegmentConfig.from(values);
    LimitsConfig limits = LimitsConfig.from(values, delay.delay());
    AdmissionConfig admission = AdmissionConfig.from(values);
    DoctorConfig doctor = DoctorConfig.from(values);
    StateConfig state = StateConfig.from(values);
    MetricsConfig metrics = MetricsConfig.from(values);
    LogConfig log = LogConfig.from(values);
    if (access == null) {
      return null;
    }
    values.check(
        () -> requireNoLoop(input, output, mediaMtx.rtmpUrl(), languages),
        OutputConfig.DESTINATIONS,
        InputConfig.PATH_PATTERN,
        OutputConfig.URL_TEMPLATE);
    return values.check(
        () ->
            new WorkerConfig(
                http, access, page, mediaMtx, input, output, record, source, sources, languages,
                delay, sts, sound, segment, limits, admission, doctor, state, metrics, log),
        InputConfig.PATH_PATTERN,
        OutputConfig.URL_TEMPLATE);
  }

  /** A destination is no input and not the stream's own output. */
  private static boolean requireNoLoop(
      InputConfig input, OutputConfig output, ServerUrl rtmp, Languages languages) {
    String own = output.urlTemplate().resolve(rtmp, "x", languages);
    output
        .destinations()
        .urls()
        .forEach(
            (name, url) -> {
              String path = url.pathOnServer("x", languages);
              if (input.pathPattern().matcher(path).matches()) {
                throw new IllegalArgumentException(
                    "destination %s would be an input again: expected a path that the pattern does not match"
                        .formatted(name));
              }
              if (url.resolve(rtmp, "x", languages).equals(own)) {
                throw new IllegalArgumentException(
                    "destination %s is the stream's own output: expected another URL"
                        .formatted(name));
              }
            });
    return true;
  }
}
