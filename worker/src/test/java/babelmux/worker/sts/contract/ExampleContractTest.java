package babelmux.worker.sts.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The example of docs/sts.md keeps the contract; not run where Node is missing. */
class ExampleContractTest extends OrderlyContract {
  private static final Path FOLDER = Path.of("..", "docs", "examples", "sts-node");

  private static @Nullable NodeProgram program;

  @BeforeAll
  static void start() throws Exception {
    program = NodeProgram.start(FOLDER);
  }

  @AfterAll
  static void stop() throws Exception {
    if (program != null) {
      program.close();
    }
  }

  @Override
  URI service() {
    if (program == null) {
      throw new IllegalStateException("the example does not run");
    }
    return program.url();
  }

  @Test
  void itsLockFileNamesNoHost() throws Exception {
    assertThat(Files.readString(FOLDER.resolve("package-lock.json"))).doesNotContain("://");
    assertThat(Files.readString(Path.of("src", "test", "node", "package-lock.json")))
        .doesNotContain("://");
  }
}
