package babelmux.worker.config;

import java.util.List;

/**
 * Settings of the port that the worker listens on: hooks, health, metrics and the streams API share
 * one port.
 *
 * @param host address to bind
 * @param port TCP port; 0 takes a free one
 */
public record HttpConfig(String host, int port) {

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

  static final List<Setting<?>> SETTINGS = List.of(HOST, PORT);

  static HttpConfig from(Values values) {
    return new HttpConfig(values.get(HOST), values.get(PORT));
  }
}
