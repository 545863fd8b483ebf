package babelmux.origin;

import babelmux.origin.hook.HookCommand;
import babelmux.origin.hook.HookRunner;
import babelmux.origin.hook.RunningHook;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which paths have hooks, and what a hook is told. */
final class PathHooks {
  /** MediaMTX names its RTSP port even with RTSP off. */
  private static final String RTSP_PORT = "8554";

  private final OriginConfig config;
  private final Pattern pattern;
  private final HookRunner runner;
  private final FaultPlan faults;
  private final @Nullable HookCommand ready;
  private final @Nullable HookCommand notReady;

  PathHooks(OriginConfig config, HookRunner runner, FaultPlan faults) {
    this.config = config;
    this.pattern = config.hookPattern();
    this.runner = runner;
    this.faults = faults;
    this.ready = parse(config.onReady());
    this.notReady = parse(config.onNotReady());
  }

  /** The name of the configuration that a path belongs to, as the Control API shows it. */
  String configName(String path) {
    return pattern.matcher(path).find() ? config.hookPath() : "all_others";
  }

  void onReady(RelayPath path) {
    Map<String, String> environment = environment(path);
    if (ready == null || environment == null) {
      return;
    }
    for (int i = faults.runs(HookEvent.READY); i > 0; i--) {
      path.readyHooks()
          .add(runner.start("runOnReady", ready, environment, config.onReadyRestart()));
    }
  }

  /** Interrupts the ready command and starts the other beside it: no order, as in MediaMTX. */
  void onNotReady(RelayPath path) {
    path.readyHooks().forEach(RunningHook::stop);
    Map<String, String> environment = environment(path);
    if (notReady == null || environment == null) {
      return;
    }
    for (int i = faults.runs(HookEvent.NOT_READY); i > 0; i--) {
      runner.start("runOnNotReady", notReady, environment, false);
    }
  }

  /** As Go's QueryEscape, which differs from Java's in two characters. */
  static String escapeQuery(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
  }

  private @Nullable Map<String, String> environment(RelayPath path) {
    Matcher matcher = pattern.matcher(path.name());
    if (!matcher.find()) {
      return null;
    }
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("MTX_PATH", path.name());
    environment.put("RTSP_PATH", path.name());
    environment.put("RTSP_PORT", RTSP_PORT);
    for (int i = 1; i <= matcher.groupCount(); i++) {
      String group = matcher.group(i);
      environment.put("G" + i, group == null ? "" : group);
    }
    environment.put("MTX_QUERY", escapeQuery(path.query()));
    environment.put("MTX_SOURCE_TYPE", "rtmpConn");
    environment.put("MTX_SOURCE_ID", path.sourceId());
    return config.environmentFor(environment);
  }

  private static @Nullable HookCommand parse(@Nullable String line) {
    return line == null ? null : HookCommand.parse(line);
  }
}
