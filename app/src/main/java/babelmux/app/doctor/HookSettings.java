package babelmux.app.doctor;

import babelmux.hooks.PathSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What MediaMTX does with an input and an output, by its configuration. Pure.
 *
 * @param in for the input; null when it has no such path
 * @param out for the output; null when it has no such path
 */
record HookSettings(@Nullable PathSettings in, @Nullable PathSettings out) {
  private static final List<String> CATCH_ALL = List.of("all", "all_others");
  private static final Pattern OURS =
      Pattern.compile("mtx-hook|BABELMUX_HOOK|/v1/mediamtx/|/hooks/mediamtx/");

  /** Finds both as MediaMTX does: by name, else by the first expression, catch-alls last. */
  static HookSettings of(List<PathSettings> all, String inPath, String outPath) {
    return new HookSettings(find(all, inPath).orElse(null), find(all, outPath).orElse(null));
  }

  static Optional<PathSettings> find(List<PathSettings> all, String path) {
    Comparator<PathSettings> order =
        Comparator.comparing((PathSettings settings) -> CATCH_ALL.contains(settings.name()))
            .thenComparing(PathSettings::name);
    return all.stream()
        .filter(settings -> settings.name().equals(path))
        .findFirst()
        .or(
            () ->
                all.stream()
                    .sorted(order)
                    .filter(settings -> matches(settings.name(), path))
                    .findFirst());
  }

  private static boolean matches(String name, String path) {
    if (CATCH_ALL.contains(name)) {
      return true;
    }
    try {
      return name.startsWith("~") && Pattern.compile(name.substring(1)).matcher(path).find();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /**
   * Judges them.
   *
   * @param hasOutPath whether outputs go to this MediaMTX
   */
  List<Finding> findings(String inPath, String outPath, boolean hasOutPath) {
    List<Finding> findings = new ArrayList<>();
    if (in == null) {
      findings.add(Finding.of(Code.IN_NOT_CONFIGURED, "no path of mediamtx.yml matches " + inPath));
    }
    if (out == null && hasOutPath) {
      findings.add(
          Finding.of(Code.OUT_NOT_CONFIGURED, "no path of mediamtx.yml matches " + outPath));
    }
    if (in != null) {
      findings.addAll(hooks(in));
    }
    return findings;
  }

  private List<Finding> hooks(PathSettings input) {
    if (input.onReady().isEmpty()) {
      return List.of(Finding.of(Code.HOOK_MISSING, "path " + input.name() + " has no runOnReady"));
    }
    List<Finding> findings = new ArrayList<>();
    if (input.onNotReady().isEmpty()) {
      findings.add(
          Finding.of(
              Code.NOT_READY_HOOK_MISSING, "path " + input.name() + " has no runOnNotReady"));
    }
    if (out != null && tellsUs(out.onReady(), input.onReady())) {
      findings.add(
          Finding.of(
              Code.HOOK_ON_OUTPUT,
              "path %s has runOnReady: %s"
                  .formatted(out.name(), HookCommand.shown(out.onReady()))));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok("hooks", "on inputs and not on outputs"));
    }
    return findings;
  }

  private static boolean tellsUs(String onOutput, String onInput) {
    return !onOutput.isEmpty() && (onOutput.equals(onInput) || OURS.matcher(onOutput).find());
  }
}
