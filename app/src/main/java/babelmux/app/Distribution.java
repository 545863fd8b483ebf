package babelmux.app;

import java.nio.file.Path;

/**
 * The folder that this program was started from: {@code bin}, {@code lib}, {@code fixtures}, {@code
 * deploy}.
 */
final class Distribution {

  private Distribution() {}

  /**
   * As the launcher says; without it, where the build puts it, seen from the root of the
   * repository.
   */
  static Path home() {
    String named = System.getProperty("babelmux.home", "");
    return named.isEmpty() ? Path.of("app/target/babelmux") : Path.of(named);
  }
}
