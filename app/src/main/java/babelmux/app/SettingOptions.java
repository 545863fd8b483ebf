package babelmux.app;

import babelmux.worker.config.Catalog;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.LoadedConfig;
import babelmux.worker.config.Setting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** One option for each setting of the worker, made from its declaration. */
final class SettingOptions {

  private static final String FILE = "--config";

  private SettingOptions() {}

  /** Adds the options to a command that is declared by annotations. */
  static CommandLine addTo(Object command) {
    CommandLine commandLine = new CommandLine(command);
    CommandSpec spec = commandLine.getCommandSpec();
    spec.addOption(
        OptionSpec.builder(FILE)
            .paramLabel("FILE")
            .type(Path.class)
            .description("YAML file of settings, see docs/configuration.md. [BABELMUX_CONFIG]")
            .build());
    for (Setting<?> setting : Catalog.all()) {
      spec.addOption(option(setting));
    }
    return commandLine;
  }

  private static OptionSpec option(Setting<?> setting) {
    String standard =
        setting.defaultText() == null
            ? "Not set: " + setting.unset()
            : "Default: " + setting.defaultText();
    boolean flag = setting.expected().equals("true or false");
    return OptionSpec.builder(setting.flag())
        .paramLabel(flag ? "true|false" : "VALUE")
        .arity(flag ? "0..1" : "1")
        .fallbackValue(flag ? "true" : "")
        .type(String.class)
        // % would be taken for a format, ${ for a variable.
        .description(
            "%s %s. [%s]"
                .formatted(setting.help(), standard, String.join(", ", setting.envNames()))
                .replace("%", "%%")
                .replace("${", "$%{"))
        .build();
  }

  /**
   * The settings from all places.
   *
   * @throws babelmux.worker.config.ConfigException with every problem found
   */
  static LoadedConfig load(ParseResult result, Map<String, String> environment) {
    Map<String, String> flags = new HashMap<>();
    for (Setting<?> setting : Catalog.all()) {
      if (result.hasMatchedOption(setting.flag())) {
        flags.put(setting.key(), result.matchedOptionValue(setting.flag(), ""));
      }
    }
    return ConfigLoader.load(flags, environment, result.matchedOptionValue(FILE, null));
  }
}
