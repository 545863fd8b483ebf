package babelmux.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

  /** What runs this program once more: the launcher, or the same Java with the same class path. */
  static List<String> command() {
    Path launcher = home().resolve("bin/babelmux");
    if (!System.getProperty("babelmux.home", "").isEmpty() && Files.isExecutable(launcher)) {
      return List.of(launcher.toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }
}
