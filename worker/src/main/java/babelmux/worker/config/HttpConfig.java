package babelmux.worker.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the port that the worker listens on: hooks, health, metrics and the streams API share
 * one port.
 *
 * @param host address to bind
 * @param port TCP port; 0 takes a free one
 * @param tls certificate and key for https; null for http
 */
public record HttpConfig(String host, int port, @Nullable TlsConfig tls) {

  static final Setting<String> HOST =
      Setting.of(
              "http.host",
              Parsers.host(),
              "127.0.0.1",
              "Address to listen on for hooks, health, metrics and the API. 0.0.0.0 listens on all of"
                  + " the machine's addresses; containers need that, and then http.trusted.")
          .flag("--host")
          .env(EnvName.doubtful("HOST", "some shells set it to the name of the machine"));

  static final Setting<Integer> PORT =
      Setting.of(
              "http.port",
              Parsers.integer("a port number", 0, 65535),
              "8080",
              "Port to listen on; 0 takes a free one.")
          .flag("--port")
          .env("PORT");

  static final Setting<Path> TLS_CERT =
      Setting.optional(
          "http.tls-cert",
          Parsers.readableFile(),
          "the port speaks http",
          "PEM file of the certificate of the port, with those between it and its authority behind it. With"
              + " http.tls-key the port speaks https, and only that. Both files are read again on SIGHUP.");

  static final Setting<Path> TLS_KEY =
      Setting.optional(
          "http.tls-key",
          Parsers.readableFile(),
          "the port speaks http",
          "PEM file of the private key of http.tls-cert, RSA or EC, not encrypted.");

  /** The two settings of TLS, by key. */
  public static final List<String> TLS_KEYS = List.of(TLS_CERT.key(), TLS_KEY.key());

  static final List<Setting<?>> SETTINGS = List.of(HOST, PORT, TLS_CERT, TLS_KEY);

  /** A port that speaks http. */
  public HttpConfig(String host, int port) {
    this(host, port, null);
  }

  /** {@code https} or {@code http}. */
  public String scheme() {
    return tls == null ? "http" : "https";
  }

  static HttpConfig from(Values values) {
    Path cert = values.find(TLS_CERT).orElse(null);
    Path key = values.find(TLS_KEY).orElse(null);
    if (cert != null && key != null) {
      return new HttpConfig(values.get(HOST), values.get(PORT), new TlsConfig(cert, key));
    }
    values.check(() -> requireNeither(cert, key), TLS_CERT, TLS_KEY);
    return new HttpConfig(values.get(HOST), values.get(PORT));
  }

  private static boolean requireNeither(@Nullable Path cert, @Nullable Path key) {
    if (cert != null || key != null) {
      throw new IllegalArgumentException("expected both of them, or none");
    }
    return true;
  }
}
