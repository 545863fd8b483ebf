package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

  private final Path dir;

  ConfigLoaderTest(@TempDir Path dir) {
    this.dir = dir;
  }

  /** A value other than the default for every key, and where it must turn up. */
  private record Sample(
      String key, String text, Function<WorkerConfig, @Nullable Object> reader, Object value) {}

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample("http.host", "0.0.0.0", c -> c.http().host(), "0.0.0.0"),
          new Sample("http.port", "9090", c -> c.http().port(), 9090),
          new Sample(
              "http.tls-cert",
              "pom.xml",
              c -> c.http().tls(),
              new TlsConfig(Path.of("pom.xml"), Path.of("pom.xml"))),
          new Sample(
              "http.tls-key",
              "pom.xml",
              c -> c.http().tls(),
              new TlsConfig(Path.of("pom.xml"), Path.of("pom.xml"))),
          new Sample(
              "http.trusted",
              "10.0.0.0/8, ::1",
              c -> c.access().trusted(),
              List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1"))),
          new Sample(
              "http.allowed-hosts",
              "Dub.example,b.example",
              c -> c.access().allowedHosts(),
              Set.of("dub.example", "b.example")),
          new Sample("api.token", "hunter2", c -> c.access().token(), new Secret("hunter2")),
          new Sample("api.token-for-hooks", "true", c -> c.access().tokenForHooks(), true),
          new Sample(
              "page.hls-url",
              "https://dub.example/hls/",
              c -> c.page().hlsUrl(),
              URI.create("https://dub.example/hls")),
          new Sample("page.transcripts", "off", c -> c.page().transcripts(), false),
          new Sample("mediamtx.host", "mtx", c -> c.mediaMtx().rtmpUrl().base(), "rtmp://mtx:1935"),
          new Sample(
              "mediamtx.rtmp-url",
              "rtmps://m:1936",
              c -> c.mediaMtx().rtmpUrl().base(),
              "rtmps://m:1936"),
          new Sample(
              "mediamtx.api-url", "https://m:1", c -> c.mediaMtx().apiUrl().base(), "https://m:1"),
          new Sample(
              "mediamtx.hls-url", "https://m:2", c -> c.mediaMtx().hlsUrl().base(), "https://m:2"),
          new Sample(
              "mediamtx.reconcile-interval",
              "3s",
              c -> c.mediaMtx().reconcileInterval(),
              Duration.ofSeconds(3)),
          new Sample(
              "input.path-pattern",
              "^in/(.+)$",
              c -> c.input().pathPattern().pattern(),
              "^in/(.+)$"),
          new Sample(
              "input.url-template",
              "rtsp://h/{path}",
              c -> c.input().urlTemplate().toString(),
              "rtsp://h/{path}"),
          new Sample(
              "output.url-template",
              "srt://h/{id}",
              c -> c.output().urlTemplate().toString(),
              "srt://h/{id}"),
          new Sample("output.audio-bitrate", "96k", c -> c.output().audioBitrateBps(), 96_000),
          new Sample("output.copy-audio", "false", c -> c.output().copyAudio(), false),
          new Sample(
              "output.check-interval",
              "30s",
              c -> c.output().checkInterval(),
              Duration.ofSeconds(30)),
          new Sample(
              "output.destinations",
              "a=rtmp://h/a/b",
              c -> c.output().destinations().toString(),
              "a=rtmp://h/a/***"),
          new Sample(
              "output.destinations-allow",
              "live.example",
              c -> c.output().destinationsAllow().toString(),
              "live.example"),
          new Sample(
              "output.ca-file",
              "src/test/resources/ca.pem",
              c -> c.output().caFile(),
              Path.of("src/test/resources/ca.pem")),
          new Sample("record.to", "target", c -> c.record().directory(), Path.of("target")),
          new Sample(
              "record.max-duration", "1h", c -> c.record().maxDuration(), Duration.ofHours(1)),
          new Sample("record.keep", "720h", c -> c.record().keep(), Duration.ofDays(30)),
          new Sample("source.grace", "0", c -> c.source().grace(), Duration.ZERO),
          new Sample(
              "sources.allow",
              "10.1.0.0/16",
              c -> c.sources().allow(),
              AllowedHosts.parse("10.1.0.0/16")),
          new Sample("source-language", "de", c -> c.languages().source(), "de"),
          new Sample("target-language", "pt-BR", c -> c.languages().target(), "pt-BR"),
          new Sample("delay", "8s", c -> c.delay().delay(), Duration.ofSeconds(8)),
          new Sample("sts.limit", "1500ms", c -> c.delay().delay(), Duration.ofSeconds(8)),
          new Sample("sts.url", "wss://s:1", c -> c.sts().url(), URI.create("wss://s:1")),
          new Sample("sts.path", "/ws/sts", c -> c.sts().path(), "/ws/sts/"),
          new Sample("sts.namespace", "/sts", c -> c.sts().namespace(), "/sts"),
          new Sample("sts.token", "hunter2", c -> c.sts().token(), new Secret("hunter2")),
          new Sample("sts.voice-profile", "anna", c -> c.sts().voiceProfile(), "anna"),
          new Sample("sts.ca-file", "pom.xml", c -> c.sts().caFile(), Path.of("pom.xml")),
          new Sample("sts.max-inflight", "10", c -> c.sts().maxInFlight(), 10),
          new Sample("sts.skip", "true", c -> c.sts().skip(), true),
          new Sample(
              "fit.policy", "strict", c -> c.sound().fit().policy(), FitConfig.Policy.STRICT),
          new Sample("fit.max-tempo", "1.5", c -> c.sound().fit().maxTempo(), 1.5),
          new Sample("fit.min-tempo", "0.95", c -> c.sound().fit().minTempo(), 0.95),
          new Sample("bed.enabled", "true", c -> c.sound().bed().enabled(), true),
          new Sample("bed.level", "-12dB", c -> c.sound().bed().levelDb(), -12.0),
          new Sample("bed.pause-level", "-6", c -> c.sound().bed().pauseLevelDb(), -6.0),
          new Sample("bed.attack", "20ms", c -> c.sound().bed().attack(), Duration.ofMillis(20)),
          new Sample(
              "bed.release", "300ms", c -> c.sound().bed().release(), Duration.ofMillis(300)),
          new Sample("loudness.match", "true", c -> c.sound().loudness().match(), true),
          new Sample("loudness.max-gain", "6dB", c -> c.sound().loudness().maxGainDb(), 6.0),
          new Sample(
              "loudness.window", "1m", c -> c.sound().loudness().window(), Duration.ofMinutes(1)),
          new Sample("segment.quiet-cut", "true", c -> c.segment().quietCut(), true),
          new Sample("max-streams", "2", c -> c.limits().maxStreams(), 2),
          new Sample("drain-limit", "5s", c -> c.limits().drainLimit(), Duration.ofSeconds(5)),
          new Sample("admission.bitrate", "12M", c -> c.admission().bitrateBps(), 12_000_000),
          new Sample("admission.memory", "false", c -> c.admission().memory(), false),
          new Sample("admission.cpu", "off", c -> c.admission().cpu(), false),
          new Sample(
              "doctor.publish-as", "tv:a:b", c -> c.doctor().publishAs(), new Secret("tv:a:b")),
          new Sample("state-dir", "target", c -> c.state().directory(), Path.of("target")),
          new Sample("metrics.linger", "1m", c -> c.metrics().linger(), Duration.ofMinutes(1)),
          new Sample("log.level", "debug", c -> c.log().level(), LogConfig.Level.DEBUG),
          new Sample("log.format", "json", c -> c.log().format(), LogConfig.Format.JSON));

  static Stream<Arguments> samples() {
    return SAMPLES.stream().map(Arguments::of);
  }

  private static WorkerConfig load(Map<String, String> flags, Map<String, String> env) {
    return ConfigLoader.load(flags, env, null).config();
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(dir.resolve("babelmux.yml"), yaml);
  }

  @Test
  void defaults() {
    WorkerConfig config = WorkerConfig.defaults();
    assertThat(config.http()).isEqualTo(new HttpConfig("127.0.0.1", 8080));
    assertThat(config.mediaMtx().rtmpUrl().base()).isEqualTo("rtmp://127.0.0.1:1935");
    assertThat(config.mediaMtx().apiUrl().base()).isEqualTo("http://127.0.0.1:9997");
    assertThat(config.input().pathPattern().pattern()).isEqualTo("^live/([A-Za-z0-9_-]+)/in$");
    assertThat(
            config
                .output()
                .urlTemplate()
                .resolve(config.mediaMtx().rtmpUrl(), "demo", config.languages()))
        .isEqualTo("rtmp://127.0.0.1:1935/live/demo/out");
    assertThat(config.output().audioBitrateBps()).isEqualTo(128_000);
    assertThat(config.source().grace()).hasSeconds(20);
    assertThat(config.languages()).isEqualTo(new Languages("en", "es"));
    assertThat(config.sts())
        .isEqualTo(
            new StsSettings(
                URI.create("http://127.0.0.1:3000"),
                "/socket.io/",
                "/",
                null,
                "default",
                null,
                3,
                false));
    assertThat(config.limits()).isEqualTo(new LimitsConfig(100, Duration.ofMillis(24_500)));
    assertThat(config.metrics().linger()).hasMinutes(15);
    assertThat(config.log()).isEqualTo(new LogConfig(LogConfig.Level.INFO, LogConfig.Format.TEXT));
  }

  @Test
  void everyKeyHasASample() {
    assertThat(SAMPLES).extracting(Sample::key).containsExactlyElementsOf(Catalog.keys());
  }

  /** What a setting does not go without. */
  private static Map<String, String> needs(Sample sample) {
    return switch (sample.key()) {
      case "api.token-for-hooks" -> Map.of("BABELMUX_API_TOKEN", "t");
      case "http.tls-cert" -> Map.of("BABELMUX_HTTP_TLS_KEY", "pom.xml");
      case "http.tls-key" -> Map.of("BABELMUX_HTTP_TLS_CERT", "pom.xml");
      default -> Map.of();
    };
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyKeyIsMappedFromEveryPlace(Sample sample) throws IOException {
    Map<String, String> needs = needs(sample);
    assertThat(sample.reader().apply(WorkerConfig.defaults())).isNotEqualTo(sample.value());
    assertThat(sample.reader().apply(load(Map.of(sample.key(), sample.text()), needs)))
        .isEqualTo(sample.value());
    Map<String, String> env = new HashMap<>(needs);
    env.put(setting(sample.key()).envNames().get(0), sample.text());
    assertThat(sample.reader().apply(load(Map.of(), env))).isEqualTo(sample.value());
    Path file = file(sample.key() + ": \"" + sample.text() + "\"\n");
    assertThat(sample.reader().apply(ConfigLoader.load(Map.of(), needs, file).config()))
        .isEqualTo(sample.value());
  }

  private static Setting<?> setting(String key) {
    return Catalog.all().stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
  }

  /** These names are fixed: others script them. */
  @ParameterizedTest
  @CsvSource({
    "http.host, --host, HOST",
    "http.port, --port, PORT",
    "mediamtx.rtmp-url, --rtmp-url, MEDIAMTX_RTMP_URL",
    "mediamtx.api-url, --mediamtx-api, MEDIAMTX_API_URL",
    "mediamtx.host, --mediamtx-host, MEDIAMTX_HOST",
    "sts.url, --sts-url, STS_SERVICE_URL",
    "source-language, --source-language, WORKER_SOURCE_LANGUAGE",
    "target-language, --target-language, WORKER_TARGET_LANGUAGE",
    "delay, --delay, BABELMUX_DELAY",
    "sts.token, --sts-token, WORKER_STS_API_KEY",
    "sts.skip, --sts-skip, SKIP_STS_CONNECTION",
    "log.level, --log-level, LOG_LEVEL"
  })
  void fixedNames(String key, String flag, String env) {
    assertThat(setting(key).flag()).isEqualTo(flag);
    assertThat(setting(key).envNames()).contains(env);
  }

  @Test
  void namesAreUnique() {
    assertThat(Catalog.keys()).doesNotHaveDuplicates();
    assertThat(Catalog.all()).extracting(Setting::flag).doesNotHaveDuplicates();
    assertThat(Catalog.all().stream().flatMap(s -> s.envNames().stream())).doesNotHaveDuplicates();
    assertThat(Catalog.all().stream().flatMap(s -> s.envNames().stream()))
        .doesNotContainAnyElementsOf(Catalog.WITHOUT_EFFECT.keySet());
  }

  @ParameterizedTest
  @CsvSource({
    "WORKER_STS_SERVICE_URL, http://s:8000",
    "WORKER_SOURCE_LANG, fr",
    "WORKER_TARGET_LANG, fr",
    "WORKER_MEDIAMTX_HOST, mtx",
    "WORKER_TTS_VOICE, anna",
    "WORKER_STS_TIMEOUT_MS, 5000",
    "WORKER_STS_MODE, passthrough",
    "WORKER_STS_API_KEY, k"
  })
  void namesOfTheOlderWorkersAreUnderstood(String name, String value) {
    assertThat(load(Map.of(), Map.of(name, value))).isNotEqualTo(WorkerConfig.defaults());
  }

  @Test
  void flagsBeatEnvironmentBeatsFileBeatsDefaults() throws IOException {
    Path file = file("http:\n  port: 1111\n  host: 0.0.0.0\nsource-language: fr\n");
    Map<String, String> env = Map.of("PORT", "2222", "HOST", "::1");
    WorkerConfig config = ConfigLoader.load(Map.of("http.port", "3333"), env, file).config();
    assertThat(config.http()).isEqualTo(new HttpConfig("::1", 3333));
    assertThat(config.languages()).isEqualTo(new Languages("fr", "es"));
  }

  @Test
  void theEnvironmentNamesTheFileWhenNoFlagDoes() throws IOException {
    String named = file("http:\n  port: 1111\n").toString();
    assertThat(load(Map.of(), Map.of("BABELMUX_CONFIG", named)).http().port()).isEqualTo(1111);
  }

  @Test
  void anEmptyVariableIsNotSet() {
    assertThat(load(Map.of(), Map.of("PORT", "", "WORKER_STS_API_KEY", "")))
        .isEqualTo(WorkerConfig.defaults());
  }

  @Test
  void theShortFormOfTheHostYieldsToAnUrlGivenInAnEquallyStrongPlace() {
    Map<String, String> env =
        Map.of("MEDIAMTX_HOST", "mtx", "MEDIAMTX_RTMP_URL", "rtmp://other:1936");
    assertThat(load(Map.of(), env).mediaMtx().rtmpUrl().base()).isEqualTo("rtmp://other:1936");
    assertThat(load(Map.of(), env).mediaMtx().apiUrl().base()).isEqualTo("http://mtx:9997");
    assertThat(load(Map.of("mediamtx.host", "strong"), env).mediaMtx().rtmpUrl().base())
        .isEqualTo("rtmp://strong:1936");
  }

  @Test
  void aPathInTheStsUrlIsThePathOfTheEndpoint() {
    StsSettings sts = load(Map.of("sts.url", "wss://x.example/ws/sts"), Map.of()).sts();
    assertThat(sts.url()).isEqualTo(URI.create("wss://x.example"));
    assertThat(sts.path()).isEqualTo("/ws/sts/");
    assertThatThrownBy(
            () -> load(Map.of("sts.url", "wss://x/ws/sts", "sts.path", "/socket.io"), Map.of()))
        .hasMessageContaining("sts.url = \"wss://x/ws/sts\" (from --sts-url) and sts.path =")
        .hasMessageContaining("expected one path");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "http.host; http://x; a host name or an address, without scheme and port",
        "http.host; mtx:1935; a host name or an address, without scheme and port",
        "http.port; 70000; a port number, 0 to 65535",
        "http.port; 80x; a port number, 0 to 65535",
        "mediamtx.host; a b; a host name or an address",
        "mediamtx.rtmp-url; http://h; an rtmp or rtmps URL",
        "mediamtx.api-url; rtmp://h; an http or https URL",
        "mediamtx.reconcile-interval; 10; a duration from 0s to 1h",
        "input.path-pattern; ^live/.*$; a regular expression with one group",
        "input.path-pattern; ^live/(; a regular expression with one group",
        "input.url-template; udp://h/{path}; a URL (rtmp, rtmps, rtsp, srt)",
        "output.url-template; rtmp://h/out; {rtmp-url}/path with {id}",
        "output.audio-bitrate; 1M; bits a second from 32k to 512k",
        "output.audio-bitrate; 9999999M; bits a second from 32k to 512k",
        "source.grace; -1s; a duration from 0s to 30m",
        "source-language; x; a language tag of 2 to 10 characters",
        "target-language; english-please; a language tag of 2 to 10 characters",
        "delay; 14.5; a duration from 6.5s to 10m",
        "sts.limit; 0; a duration from 1ms to 9m",
        "sts.url; s:3000; an http, https, ws or wss URL",
        "sts.url; ftp://s; an http, https, ws or wss URL",
        "sts.path; socket.io; a path that begins with /",
        "sts.namespace; sts; a name that begins with /",
        "sts.voice-profile; a/b; letters, digits, ., - and _",
        "sts.ca-file; /none.pem; a file that can be read",
        "output.ca-file; pom.xml; a file of PEM certificates that can be read",
        "output.destinations-allow; http://h; host names and addresses such as live.example",
        "sts.max-inflight; 11; a number, 1 to 10",
        "sts.skip; maybe; true or false",
        "output.copy-audio; sometimes; true or false",
        "fit.policy; loose; one of tempo, strict",
        "fit.max-tempo; 2.01; a tempo factor, 1 to 2",
        "fit.max-tempo; NaN; a tempo factor, 1 to 2",
        "fit.min-tempo; 0.9; a tempo factor, 0.95 to 1",
        "bed.enabled; perhaps; true or false",
        "bed.level; 3dB; decibels, -60 to 0",
        "bed.level; dB; decibels, -60 to 0",
        "bed.attack; 3s; a duration from 1ms to 2s",
        "loudness.max-gain; 40; decibels, 0 to 20",
        "loudness.window; 1s; a duration from 6s to 15m",
        "segment.quiet-cut; perhaps; true or false",
        "max-streams; 0; a number, 1 to 10000",
        "drain-limit; forever; a duration from 0s to 1h",
        "metrics.linger; 2d; a duration from 0s to 24h",
        "log.level; loud; one of trace, debug, info, warn, error",
        "log.format; xml; one of text, json"
      })
  void aBadValueIsRefusedWithKeyValueAndWhatWasExpected(String key, String text, String expected) {
    assertThatThrownBy(() -> load(Map.of(key, text), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "%s = \"%s\" (from %s): expected ".formatted(key, text, setting(key).flag()))
        .hasMessageContaining(expected);
  }

  @Test
  void everyProblemIsToldAtOnce() throws IOException {
    Path file = file("http:\n  prot: 1\nsource:\n  grace: soon\nfit: 3\n");
    assertThatThrownBy(() -> ConfigLoader.load(Map.of(), Map.of("PORT", "x"), file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "babelmux.yml line 2: unknown key http.prot; did you mean http.port?",
                        "babelmux.yml line 5: unknown key fit",
                        "http.port = \"x\" (from PORT): expected a port number, 0 to 65535",
                        "source.grace = \"soon\" (from babelmux.yml line 4): expected a duration from"
                            + " 0s to 30m, such as 14.5s, 500ms or PT15M"));
  }

  @Test
  void anOutputThatWouldBeAnInputIsRefused() {
    assertThatThrownBy(
            () -> load(Map.of("output.url-template", "{rtmp-url}/live/{id}/in"), Map.of()))
        .hasMessageContaining("input.path-pattern")
        .hasMessageContaining("the output would be an input again");
  }

  @Test
  void secretsNeverPrint() throws IOException {
    Map<String, String> env =
        Map.of(
            "WORKER_STS_API_KEY", "hunter2",
            "MEDIAMTX_RTMP_URL", "rtmp://john:hunter2@h",
            "MEDIAMTX_API_URL", "http://h?user=a&pass=hunter2");
    LoadedConfig loaded = ConfigLoader.load(Map.of(), env, null);
    assertThat(loaded.toString()).doesNotContain("hunter2").doesNotContain("john");
    assertThat(loaded.given()).hasSize(3);

    Map<String, String> bad = new HashMap<>(env);
    bad.put("WORKER_STS_API_KEY", "hunter2 with blanks");
    bad.put("MEDIAMTX_RTMP_URL", "rtmp//john:hunter2@h?pass=hunter2");
    bad.put("STS_SERVICE_URL", "http://john:hunter2@h");
    bad.put("MEDIAMTX_API_URL", "ftp://john:hunter2@h");
    assertThatThrownBy(() -> load(Map.of(), bad))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).hasSize(4))
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void namesWithoutEffectAreSaid() {
    Map<String, String> env =
        Map.of(
            "WORKER_SEGMENT_DIR", "/tmp/segments",
            "BABELMUX_DELEY", "9s",
            "STS_SERVICE_URL", "http://a:1",
            "WORKER_STS_SERVICE_URL", "http://b:1");
    assertThat(ConfigLoader.load(Map.of(), env, null).notes())
        .containsExactlyInAnyOrder(
            "WORKER_SEGMENT_DIR has no effect: nothing on the media path touches the disk",
            "BABELMUX_DELEY is no setting; did you mean BABELMUX_DELAY?",
            "WORKER_STS_SERVICE_URL has no effect: STS_SERVICE_URL sets sts.url, too");
  }

  @Test
  void aLatencyOfSrtThatIsMostLikelyInMillisecondsIsSaid() {
    Map<String, String> flags =
        Map.of(
            "input.url-template", "srt://h:8890?streamid=read:{path}:u:hunter2&latency=120",
            "output.url-template", "srt://h:8890?streamid=publish:{id}&peerlatency=120000");
    assertThat(ConfigLoader.load(flags, Map.of(), null).notes())
        .containsExactly(
            "input.url-template: option latency=120 is 0.120 ms: expected microseconds, 0 or at"
                + " least 20000 (120 ms are latency=120000)");
  }

  @Test
  void aTokenMayStandInAFileAndIsNeverShown() throws IOException {
    Path file = Files.writeString(dir.resolve("token"), "hunter2hunter2\n");
    LoadedConfig loaded =
        ConfigLoader.load(Map.of(), Map.of("BABELMUX_API_TOKEN", "@" + file), null);
    assertThat(loaded.config().access().token()).isEqualTo(new Secret("hunter2hunter2"));
    assertThat(loaded.given().toString() + loaded.config()).doesNotContain("hunter2");
    Files.writeString(file, "two\nlines\n");
    for (String bad :
        List.of("@" + file, "@" + dir.resolve("none"), "@" + dir, "@", "a b", "@\0")) {
      assertThatThrownBy(() -> load(Map.of(), Map.of("BABELMUX_API_TOKEN", bad)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("api.token = \"***\" (from BABELMUX_API_TOKEN)")
          .hasMessageContaining("@FILE");
    }
  }

  @Test
  void hooksCannotNeedATokenThatThereIsNot() {
    assertThatThrownBy(() -> load(Map.of("api.token-for-hooks", "true"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("api.token-for-hooks")
        .hasMessageContaining("expected api.token to be set, too");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host.example", "10.0.0.0/33", "10.0.0.0/8,", "10.0.0/8", "::/129", "1", "/8"})
  void whatIsNoAddressIsNotTrusted(String text) {
    assertThatThrownBy(() -> load(Map.of("http.trusted", text), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.trusted")
        .hasMessageContaining("10.0.0.0/8");
  }

  @Test
  void theOldVariableOfTheHostIsDoubted() {
    LoadedConfig old = ConfigLoader.load(Map.of(), Map.of("HOST", "0.0.0.0"), null);
    assertThat(old.config().http().host()).isEqualTo("0.0.0.0");
    assertThat(old.notes())
        .containsExactly(
            "HOST sets http.host = \"0.0.0.0\", and some shells set it to the name of the machine:"
                + " better set BABELMUX_HTTP_HOST");
    LoadedConfig both =
        ConfigLoader.load(
            Map.of(), Map.of("HOST", "pc17", "BABELMUX_HTTP_HOST", "127.0.0.1"), null);
    assertThat(both.config().http().host()).isEqualTo("127.0.0.1");
    assertThat(both.notes())
        .containsExactly("HOST has no effect: BABELMUX_HTTP_HOST sets http.host, too");
  }

  @Test
  void mediaMtxsTildeDoesNotDisarmTheGuardAgainstLoops() {
    assertThat(
            load(Map.of("input.path-pattern", "~^live/([a-z]+)/in$"), Map.of())
                .input()
                .pathPattern()
                .pattern())
        .isEqualTo("^live/([a-z]+)/in$");
    assertThatThrownBy(() -> load(Map.of("input.path-pattern", "~^live/(.+)$"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the output would be an input again");
  }
}
