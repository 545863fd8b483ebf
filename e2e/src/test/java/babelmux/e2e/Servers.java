package babelmux.e2e;

import babelmux.origin.MediaMtxProcess;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Which media server the tests run on. {@code -Dmediamtx=auto}: the seven steps on both where a
 * MediaMTX is found, all else on the embedded origin; {@code all}: everything on both; {@code
 * none}: no MediaMTX.
 */
final class Servers {
  /** What LocalStackFactory takes for the embedded origin. */
  static final String EMBEDDED = "none";

  static final String LACKING = "no MediaMTX";

  private static final String WISH = System.getProperty("mediamtx", "auto");
  private static final boolean ON_MEDIAMTX =
      System.getProperty("e2e.server", "").equals("mediamtx");

  private Servers() {}

  /** The MediaMTX program, unless none is found or wanted. */
  static Optional<Path> mediaMtx() {
    return WISH.equals("none") ? Optional.empty() : MediaMtxProcess.find(System.getenv());
  }

  /** The server for everything but the seven steps; skips the tests when it is not there. */
  static String current() {
    return ON_MEDIAMTX ? realOrSkip() : EMBEDDED;
  }

  static boolean currentIsEmbedded() {
    return !ON_MEDIAMTX;
  }

  /** The MediaMTX program for LocalStackFactory; skips the test when it is not there. */
  static String realOrSkip() {
    Optional<Path> found = mediaMtx();
    Assumptions.assumeTrue(found.isPresent(), LACKING);
    return found.orElseThrow().toString();
  }
}
