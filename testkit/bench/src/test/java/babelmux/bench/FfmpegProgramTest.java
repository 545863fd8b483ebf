package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmpegProgramTest {
  @TempDir private Path dir = Path.of("");

  private FfmpegProgram program(String script) throws IOException {
    Path path = Files.writeString(dir.resolve("ffmpeg"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    String folders = "/nonexistent" + File.pathSeparator + dir + File.pathSeparator + "/bin";
    return FfmpegProgram.onPath(folders).orElseThrow();
  }

  @Test
  void tellsTheVersionOfTheOneThatIsInstalled() throws Exception {
    FfmpegProgram program =
        program("echo 'ffmpeg version 5.1.7-0+deb12u1 Copyright (c) 2000-2025'");
    assertThat(program.ownVersion()).isEqualTo("5.1.7-0+deb12u1");
    assertThat(program.command(List.of("-i", "x")).command())
        .startsWith(dir.resolve("ffmpeg").toString())
        .endsWith("-i", "x");
  }

  @Test
  void oneThatDoesNotStartIsOneLine() throws Exception {
    FfmpegProgram program = program("echo 'libfoo.so.1: not found'; exit 127");
    assertThatThrownBy(program::ownVersion)
        .isInstanceOf(IOException.class)
        .hasMessage(dir.resolve("ffmpeg") + ": libfoo.so.1: not found");
  }

  @Test
  void noneIsNoError() {
    assertThat(FfmpegProgram.onPath("/nonexistent" + File.pathSeparator)).isEmpty();
    assertThat(FfmpegProgram.onPath("")).isEmpty();
  }

  /** As a machine without libxcb has it. */
  @Test
  void theMissingLibraryIsNamedWithoutThePathOfTheOneThatNeedsIt() {
    UnsatisfiedLinkError cause =
        new UnsatisfiedLinkError(
            "/root/.javacpp/cache/ffmpeg.jar/libjniavdevice.so: libxcb.so.1: cannot open shared"
                + " object file: No such file or directory");
    UnsatisfiedLinkError error = new UnsatisfiedLinkError("no jniavdevice in java.library.path");
    error.initCause(cause);

    assertThat(FfmpegProgram.missing(error))
        .isEqualTo("libxcb.so.1: cannot open shared object file: No such file or directory");
    assertThat(FfmpegProgram.missing(new UnsatisfiedLinkError("no more"))).isEqualTo("no more");
  }
}
