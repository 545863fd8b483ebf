package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaMtxFindTest {
  @TempDir Path folder;

  @Test
  void theVariableComesFirstThenPathThenOurCache() throws IOException {
    Path named = program("named/mtx");
    Path onPath = program("bin/mediamtx");
    Path cached = program("home/.cache/babelmux/mediamtx/mediamtx");
    String path = folder + "/nothing:" + folder + "/bin";
    String home = folder + "/home";
    assertThat(
            MediaMtxProcess.find(
                Map.of("MEDIAMTX_BIN", named.toString(), "PATH", path, "HOME", home)))
        .contains(named);
    assertThat(MediaMtxProcess.find(Map.of("PATH", path, "HOME", home))).contains(onPath);
    assertThat(MediaMtxProcess.find(Map.of("HOME", home))).contains(cached);
    Path elsewhere = program("caches/babelmux/mediamtx/mediamtx");
    assertThat(MediaMtxProcess.find(Map.of("HOME", home, "XDG_CACHE_HOME", folder + "/caches")))
        .as("where install.sh puts it")
        .contains(elsewhere);
    assertThat(MediaMtxProcess.find(Map.of("HOME", home, "XDG_CACHE_HOME", "relative")))
        .contains(cached);
    assertThat(MediaMtxProcess.find(Map.of())).isEmpty();
  }

  @Test
  void aVariableThatNamesNoProgramIsAnError() {
    assertThatThrownBy(() -> MediaMtxProcess.find(Map.of("MEDIAMTX_BIN", folder + "/no")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("MEDIAMTX_BIN " + folder + "/no: expected an executable file");
  }

  @Test
  void aProgramThatDoesNotStartIsAnErrorWithItsOutput() throws IOException {
    Path broken = program("broken/mediamtx");
    assertThatThrownBy(() -> MediaMtxProcess.start(broken, OriginConfig.defaults()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("MediaMTX does not start")
        .hasMessageContaining("no such luck");
  }

  private Path program(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\necho no such luck\nexit 1\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
