package babelmux.demo;

import java.nio.file.Path;

/**
 * The folder that this program was started from: {@code bin}, {@code lib}, {@code fixtures}, {@code
 * deploy}.
 */
public final class Distribution {

  private Distribution() {}

  /**
   * As the launcher says; without it, where the build puts it, seen from the root of the
   * repository.
   */
  public static Path home() {
    String named = System.getProperty("babelmux.home", "");
    return named.isEmpty() ? Path.of("app/target/babelmux") : Path.of(named);
  }

  /** A film of the fixtures: in the distribution, or in the repository that this runs in. */
  public static Path fixture(String name) {
    return home().resolve("fixtures").resolve(name);
  }
}
