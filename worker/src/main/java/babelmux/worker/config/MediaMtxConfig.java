package babelmux.worker.config;

import babelmux.media.Secrets;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The MediaMTX that streams come from and go to.
 *
 * @param rtmpUrl its RTMP address, with credentials if it wants them
 * @param apiUrl its Control API, with credentials if it wants them
 * @param hlsUrl its HLS, as this worker reaches it, with credentials if it wants them
 * @param reconcileInterval how often its list of streams is compared with ours; zero turns that off
 */
public record MediaMtxConfig(
    ServerUrl rtmpUrl, ServerUrl apiUrl, ServerUrl hlsUrl, Duration reconcileInterval) {

  private static final int HLS_PORT = 8888;

  private static final Set<String> RTMP = Set.of("rtmp", "rtmps");
  private static final Set<String> HTTP = Set.of("http", "https");

  static final Setting<String> HOST =
      Setting.optional(
              "mediamtx.host",
              Parsers.host(),
              "the hosts in the two URLs",
              "Short form: the host of mediamtx.rtmp-url and mediamtx.api-url. It replaces the host of a"
                  + " URL that was given in a weaker place (flag > environment > file > default).")
          .env("MEDIAMTX_HOST", "WORKER_MEDIAMTX_HOST");

  static final Setting<ServerUrl> RTMP_URL =
      Setting.of(
              "mediamtx.rtmp-url",
              url("an rtmp or rtmps URL", RTMP),
              "rtmp://127.0.0.1:1935",
              "MediaMTX's RTMP address. Credentials may stand in front of the host (user:pass@) or in"
                  + " the query (?user=&pass=); they are sent in the query and never printed.")
          .flag("--rtmp-url")
          .env("MEDIAMTX_RTMP_URL");

  static final Setting<ServerUrl> API_URL =
      Setting.of(
              "mediamtx.api-url",
              url("an http or https URL", HTTP),
              "http://127.0.0.1:9997",
              "MediaMTX's Control API, with credentials as above. Hooks work without it; lost hooks are"
                  + " found through it.")
          .flag("--mediamtx-api")
          .env("MEDIAMTX_API_URL");

  static final Setting<ServerUrl> HLS_URL =
      Setting.optional(
          "mediamtx.hls-url",
          url("an http or https URL", HTTP),
          "the host of mediamtx.api-url, port 8888",
          "MediaMTX's HLS as the worker reaches it, for the playlists with subtitles; credentials in"
              + " front of the host. Browsers go to page.hls-url.");

  static final Setting<Duration> RECONCILE_INTERVAL =
      Setting.of(
          "mediamtx.reconcile-interval",
          Parsers.duration(Duration.ZERO, Duration.ofHours(1)),
          "10s",
          "How often the streams that MediaMTX has are compared with those that the worker runs; 0 turns"
              + " that off.");

  static final List<Setting<?>> SETTINGS =
      List.of(HOST, RTMP_URL, API_URL, HLS_URL, RECONCILE_INTERVAL);

  static MediaMtxConfig from(Values values) {
    ServerUrl api = hosted(values, API_URL);
    return new MediaMtxConfig(
        hosted(values, RTMP_URL),
        api,
        values.find(HLS_URL).orElseGet(() -> ServerUrl.parse(hls(api), HTTP)),
        values.get(RECONCILE_INTERVAL));
  }

  private static String hls(ServerUrl api) {
    return "http://%s:%d".formatted(URI.create(api.base()).getHost(), HLS_PORT);
  }

  private static ServerUrl hosted(Values values, Setting<ServerUrl> setting) {
    ServerUrl url = values.get(setting);
    Optional<String> host = values.find(HOST);
    boolean hostIsStronger = values.layer(HOST).compareTo(values.layer(setting)) > 0;
    return host.isPresent() && hostIsStronger ? url.withHost(host.get()) : url;
  }

  private static Parser<ServerUrl> url(String expected, Set<String> schemes) {
    return Parser.of(expected, text -> ServerUrl.parse(text, schemes))
        .showing(Secrets::maskUrl)
        .orFile();
  }
}
