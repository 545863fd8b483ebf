package babelmux.origin;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes MediaMTX's configuration from ours: RTMP, HLS, the Control API and, where they have a
 * port, RTSP and SRT; everything else off.
 */
final class MediaMtxConfigFile {
  private MediaMtxConfigFile() {}

  /** YAML; names that every 1.x release from 1.9 on knows. */
  static String yaml(OriginConfig config, int rtmpPort, int apiPort, int hlsPort) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("logLevel: debug\n");
    yaml.append("logDestinations: [stdout]\n");
    for (String off : new String[] {"webrtc", "playback", "metrics"}) {
      yaml.append(off).append(": no\n");
    }
    server(yaml, "rtsp", config, config.rtspPort());
    if (config.rtspPort() != 0) {
      // Called "protocols" before 1.11.
      yaml.append("rtspTransports: [tcp]\n");
    }
    server(yaml, "srt", config, config.srtPort());
    // A path is muxed once somebody asks for it; pages of all origins may read it.
    yaml.append("hls: yes\n");
    line(yaml, "hlsAddress", config.host() + ":" + hlsPort);
    yaml.append("rtmp: yes\n");
    line(yaml, "rtmpAddress", config.host() + ":" + rtmpPort);
    yaml.append("api: yes\n");
    line(yaml, "apiAddress", config.host() + ":" + apiPort);
    line(yaml, "readTimeout", seconds(config.readTimeout()));
    line(yaml, "writeTimeout", seconds(config.writeTimeout()));
    yaml.append("writeQueueSize: ").append(config.writeQueueSize()).append('\n');
    yaml.append("authInternalUsers:\n");
    user(yaml, config.publishCredentials(), "publish");
    user(yaml, config.readCredentials(), "read");
    user(yaml, config.apiCredentials(), "api");
    yaml.append("pathDefaults:\n  overridePublisher: ");
    yaml.append(config.overridePublisher() ? "yes" : "no").append('\n');
    yaml.append("paths:\n  ").append(quote(config.hookPath())).append(":\n");
    hook(yaml, config, "runOnReady", OriginConfig::onReady);
    yaml.append("    runOnReadyRestart: ");
    yaml.append(config.onReadyRestart() ? "yes" : "no").append('\n');
    hook(yaml, config, "runOnNotReady", OriginConfig::onNotReady);
    yaml.append("  all_others:\n");
    return yaml.toString();
  }

  private static void server(StringBuilder yaml, String name, OriginConfig config, int port) {
    yaml.append(name).append(port == 0 ? ": no\n" : ": yes\n");
    if (port != 0) {
      line(yaml, name + "Address", config.host() + ":" + port);
    }
  }

  private static void hook(
      StringBuilder yaml,
      OriginConfig config,
      String name,
      Function<OriginConfig, @Nullable String> command) {
    String line = command.apply(config);
    if (line != null) {
      yaml.append("    ").append(name).append(": ").append(quote(line)).append('\n');
    }
  }

  private static void user(StringBuilder yaml, @Nullable Credentials who, String action) {
    yaml.append("  - user: ").append(who == null ? "any" : quote(who.user())).append('\n');
    yaml.append("    pass: ").append(who == null ? "" : quote(who.password())).append('\n');
    yaml.append("    permissions:\n      - action: ").append(action).append('\n');
  }

  private static void line(StringBuilder yaml, String key, String value) {
    yaml.append(key).append(": ").append(quote(value)).append('\n');
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() + "ms";
  }

  private static String quote(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
