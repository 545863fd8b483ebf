package babelmux.worker.config;

import babelmux.media.Secrets;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The speech-to-speech service.
 *
 * @param url scheme (http, https, ws, wss), host and port; no path
 * @param path of the Socket.IO endpoint, with a slash at both ends
 * @param namespace of Socket.IO
 * @param token sent as {@code auth.token}; null sends none
 * @param voiceProfile name of a voice that the service knows
 * @param caFile PEM certificates to trust beside the system's; null for none
 * @param maxInFlight fragments that may be unanswered at a time, 1 to 10
 * @param skip true passes the original through and never connects
 */
public record StsSettings(
    URI url,
    String path,
    String namespace,
    @Nullable Secret token,
    String voiceProfile,
    @Nullable Path caFile,
    int maxInFlight,
    boolean skip) {

  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");
  private static final String DEFAULT_PATH = "/socket.io/";

  static final Setting<URI> URL =
      Setting.of(
              "sts.url",
              Parser.of(
                      "an http, https, ws or wss URL without credentials and query",
                      StsSettings::url)
                  .showing(Secrets::maskUrl),
              "http://127.0.0.1:3000",
              "Address of the STS service. A path in it is taken as sts.path.")
          .env("STS_SERVICE_URL", "WORKER_STS_SERVICE_URL");

  static final Setting<String> PATH =
      Setting.optional(
              "sts.path",
              Parsers.matching("a path that begins with /", "/[A-Za-z0-9._~/-]*"),
              DEFAULT_PATH,
              "Path of the Socket.IO endpoint.")
          .env("STS_SOCKETIO_PATH");

  static final Setting<String> NAMESPACE =
      Setting.of(
          "sts.namespace",
          Parsers.matching("a name that begins with /", "/[A-Za-z0-9._~/-]*"),
          "/",
          "Socket.IO namespace.");

  static final Setting<Secret> TOKEN =
      Setting.optional(
              "sts.token",
              Parsers.secret("printable characters without blanks").orFile(),
              "none is sent",
              "API key of the STS service, sent as auth.token. Never printed.")
          .env("WORKER_STS_API_KEY");

  static final Setting<String> VOICE_PROFILE =
      Setting.of(
              "sts.voice-profile",
              Parsers.matching("letters, digits, ., - and _, at most 64", "[A-Za-z0-9._-]{1,64}"),
              "default",
              "Voice that the STS service dubs with.")
          .env("WORKER_TTS_VOICE");

  static final Setting<Path> CA_FILE =
      Setting.optional(
          "sts.ca-file",
          Parsers.readableFile(),
          "the system's certificates",
          "PEM file of certificates to trust when sts.url is https or wss.");

  static final Setting<Integer> MAX_IN_FLIGHT =
      Setting.of(
              "sts.max-inflight",
              Parsers.integer("a number", 1, 10),
              "3",
              "Fragments of one stream that may be unanswered at a time; the service may lower it.")
          .env("STS_MAX_INFLIGHT");

  static final Setting<Boolean> SKIP =
      Setting.of(
              "sts.skip",
              Parsers.bool(),
              "false",
              "Do not connect to the STS: pass the original audio through, at the same delay.")
          .env("SKIP_STS_CONNECTION")
          .env(new EnvName("WORKER_STS_MODE", StsSettings::skipOfMode, null));

  static final List<Setting<?>> SETTINGS =
      List.of(URL, PATH, NAMESPACE, TOKEN, VOICE_PROFILE, CA_FILE, MAX_IN_FLIGHT, SKIP);

  /** Those with a meaning for a file. */
  static final List<Setting<?>> OF_FILES =
      List.of(URL, PATH, NAMESPACE, TOKEN, VOICE_PROFILE, CA_FILE, MAX_IN_FLIGHT);

  static StsSettings from(Values values) {
    URI url = values.get(URL);
    Optional<String> path = values.find(PATH).map(StsSettings::slashed);
    String inUrl = url.getPath() == null ? "" : url.getPath().replaceAll("/+$", "");
    Optional<String> urlPath = inUrl.isEmpty() ? Optional.empty() : Optional.of(slashed(inUrl));
    values.check(() -> requireOnePath(path, urlPath), URL, PATH);
    return new StsSettings(
        URI.create(url.getScheme() + "://" + url.getRawAuthority()),
        path.or(() -> urlPath).orElse(DEFAULT_PATH),
        values.get(NAMESPACE),
        values.find(TOKEN).orElse(null),
        values.get(VOICE_PROFILE),
        values.find(CA_FILE).orElse(null),
        values.get(MAX_IN_FLIGHT),
        values.get(SKIP));
  }

  private static boolean requireOnePath(Optional<String> path, Optional<String> urlPath) {
    if (path.isPresent() && urlPath.isPresent() && !path.equals(urlPath)) {
      throw new IllegalArgumentException("expected one path, in one of the two");
    }
    return true;
  }

  private static String slashed(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private static URI url(String text) {
    URI uri = URI.create(text);
    Parsers.require(uri.getScheme() != null && SCHEMES.contains(uri.getScheme()));
    Parsers.require(uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= 65535);
    Parsers.require(
        uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null);
    return uri;
  }

  private static String skipOfMode(String mode) {
    return switch (mode) {
      case "enabled" -> "false";
      case "passthrough", "disabled" -> "true";
      default -> mode;
    };
  }
}
