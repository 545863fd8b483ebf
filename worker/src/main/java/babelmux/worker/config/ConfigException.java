package babelmux.worker.config;

import java.util.List;

/** The settings cannot be used. Each problem names the key, the value and what was expected. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each, without secrets. */
  public List<String> problems() {
    return problems;
  }
}
