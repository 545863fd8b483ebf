package babelmux.app;

import babelmux.worker.config.Catalog;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.LoadedConfig;
import babelmux.worker.config.Setting;
import babelmux.worker.config.WorkerConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** One option for each setting of the worker, made from its declaration. */
final class SettingOptions {

  private static final String FILE = "--config";

  private SettingOptions() {}

  /** Adds all options, and one for the file, to a command that is declared by annotations. */
  static CommandLine addTo(Object command) {
    CommandLine commandLine = new CommandLine(command);
    commandLine
        .getCommandSpec()
        .addOption(
            OptionSpec.builder(FILE)
                .paramLabel("FILE")
                .type(Path.class)
                .description("YAML file of settings, see docs/configuration.md. [BABELMUX_CONFIG]")
                .build());
    return addTo(commandLine, Catalog.all());
  }

  /** Adds the options of some settings. */
  static CommandLine addTo(CommandLine commandLine, List<Setting<?>> settings) {
    CommandSpec spec = commandLine.getCommandSpec();
    for (Setting<?> setting : settings) {
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
    OptionSpec.Builder option = OptionSpec.builder(setting.flag());
    if (setting.isMap()) {
      option.type(List.class).auxiliaryTypes(String.class);
    } else {
      option.type(String.class);
    }
    return option
        .paramLabel(flag ? "true|false" : setting.isMap() ? "NAME=VALUE" : "VALUE")
        .arity(flag ? "0..1" : "1")
        .fallbackValue(flag ? "true" : "")
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
    return ConfigLoader.load(
        flags(result, Catalog.all()), environment, result.matchedOptionValue(FILE, null));
  }

  /**
   * Some settings, from the command line and the environment; all others are at their defaults.
   *
   * @throws babelmux.worker.config.ConfigException with every problem found
   */
  static WorkerConfig load(
      ParseResult result, Map<String, String> environment, List<Setting<?>> settings) {
    Map<String, String> named = new HashMap<>(environment);
    named
        .keySet()
        .retainAll(settings.stream().flatMap(setting -> setting.envNames().stream()).toList());
    return ConfigLoader.load(flags(result, settings), named, null).config();
  }

  private static Map<String, String> flags(ParseResult result, List<Setting<?>> settings) {
    Map<String, String> flags = new HashMap<>();
    for (Setting<?> setting : settings) {
      if (result.hasMatchedOption(setting.flag())) {
        flags.put(
            setting.key(),
            setting.isMap()
                ? String.join(" ", result.matchedOptionValue(setting.flag(), List.<String>of()))
                : result.matchedOptionValue(setting.flag(), ""));
      }
    }
    return flags;
  }
}
