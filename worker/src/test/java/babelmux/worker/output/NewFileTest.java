package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "/a.b/out.mp4,0,/a.b/out.mp4",
    "/a.b/out.mp4,2,/a.b/out.2.mp4",
    "/a.b/out,1,/a.b/out.1",
    "/a/.out,1,/a/.out.1",
    "out.tar.mkv,12,out.tar.12.mkv"
  })
  void theNumberStandsBeforeTheEnding(String wanted, int number, String expected) {
    assertThat(NewFile.numbered(Path.of(wanted), number)).isEqualTo(Path.of(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "file:///a/out.mp4,/a/out.mp4",
    "FILE:/a/out.mp4,/a/out.mp4",
    "out.mp4,out.mp4",
    "rtmp://host/live/x/out,",
    "srt://host:8890?streamid=x,"
  })
  void filesAreToldFromServers(String url, String expected) {
    assertThat(NewFile.pathOf(url)).isEqualTo(expected == null ? null : Path.of(expected));
  }

  @Test
  void theFirstFreeNameIsTaken() throws Exception {
    Path wanted = folder.resolve("out.mp4");
    Files.createFile(folder.resolve("out.1.mp4"));
    assertThat(NewFile.create(wanted)).isEqualTo(wanted);
    assertThat(NewFile.create(wanted)).isEqualTo(folder.resolve("out.2.mp4"));
    NewFile.removeEmpty(wanted);
    assertThat(NewFile.create(wanted)).isEqualTo(wanted);
    Files.writeString(wanted, "what was sent");
    NewFile.removeEmpty(wanted);
    assertThat(wanted).hasContent("what was sent");
  }

  @Test
  void whatIsNoFileIsWrittenAsItIs() throws Exception {
    Path pipe = Path.of("/dev/null");
    assertThat(NewFile.create(pipe)).isEqualTo(pipe);
    NewFile.removeEmpty(pipe);
    assertThat(pipe).exists();
  }
}
