package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
  /** Fails as what needs FFmpeg does on a machine without its libraries. */
  @Command(name = "broken")
  static final class Broken implements Runnable {
    @Override
    public void run() {
      throw new UnsatisfiedLinkError("no jniavutil in java.library.path\nand more");
    }
  }

  @Test
  void missingNativesAreOneLineAndExitCodeOne() {
    StringWriter err = new StringWriter();
    CommandLine commandLine = new CommandLine(new Broken()).setErr(new PrintWriter(err, true));

    int code = Main.execute(commandLine);

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("the native libraries do not load on")
        .contains("no jniavutil in java.library.path")
        .contains("babelmux doctor")
        .hasLineCount(1);
  }

  @Test
  void serveAloneIsTheServeOfAllCommands() {
    assertThat(serve(Main.commandLine("serve"))).isEqualTo(serve(Main.commandLine()));
    assertThat(Main.commandLine("serve").isExpandAtFiles())
        .isEqualTo(Main.commandLine().isExpandAtFiles());
  }

  private static String serve(CommandLine all) {
    return Objects.requireNonNull(all.getSubcommands().get("serve")).getUsageMessage();
  }

  @Test
  void aChartNamesFilesWithoutTheirFolders() {
    assertThat(MeterCommand.fileName(Path.of("/home/someone/secret/joints.mp4")))
        .isEqualTo("joints.mp4");
  }
}
