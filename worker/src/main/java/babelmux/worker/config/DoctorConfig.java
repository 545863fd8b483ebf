package babelmux.worker.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of doctor.
 *
 * @param publishAs user, colon and password of its publisher; null for those of the server's URL
 */
public record DoctorConfig(@Nullable Secret publishAs) {

  static final Setting<Secret> PUBLISH_AS =
      Setting.optional(
          "doctor.publish-as",
          Parser.of(
                  "user:password",
                  text -> {
                    Parsers.require(text.indexOf(':') > 0);
                    return Parsers.secret("").read().apply(text);
                  })
              .showing(text -> Secret.SHOWN)
              .orFile(),
          "those of mediamtx.rtmp-url",
          "User and password that the test publish of doctor goes to an input with, where publishers have"
              + " a user of their own on MediaMTX. Never printed.");

  static final List<Setting<?>> SETTINGS = List.of(PUBLISH_AS);

  static DoctorConfig from(Values values) {
    return new DoctorConfig(values.find(PUBLISH_AS).orElse(null));
  }

  /**
   * The URL of an input on the server, with its publisher's credentials: what FFmpeg is given.
   * Secret.
   */
  public String inputUrl(ServerUrl server, String path) {
    Secret as = publishAs;
    if (as == null) {
      return server.withPath(path);
    }
    String[] parts = as.reveal().split(":", 2);
    return server.withPath(
        path, Map.of("user", new Secret(parts[0]), "pass", Secret.known(parts[1])));
  }
}
