package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
class MeterCommandTest {
  private static final String FILM = "../fixtures/30s-counting-english.mp4";
  private static final String OTHER = "../fixtures/30s-44100-no-bframes.mp4";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void aFilmBesideItself(@TempDir Path folder) {
    Path picture = folder.resolve("picture.png");
    Path spectrogram = folder.resolve("spectrogram.png");

    int code =
        commandLine.execute(
            "meter",
            FILM,
            FILM,
            "--picture",
            picture.toString(),
            "--spectrogram",
            spectrogram.toString());

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("max 0.00 ms over 30 pairs; drift 0.0 ms an hour")
        .contains("900 the same, 0 changed, 0 lost, 0 extra; headers the same")
        .contains("slot 4", "tempo 1.000, pitch 1.0000");
    assertThat(picture).isNotEmptyFile();
    assertThat(spectrogram).isNotEmptyFile();
  }

  @Test
  void jsonHasAllOfIt() throws Exception {
    assertThat(commandLine.execute("meter", FILM, OTHER, "--json", "--tone", "1000")).isZero();

    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/marks/addedAv/count").asInt()).isEqualTo(30);
    assertThat(json.at("/recordingLevel/integratedLufs").asDouble()).isBetween(-40.0, -10.0);
    assertThat(json.at("/video/extra").asInt()).isEqualTo(900);
    assertThat(json.at("/slots")).hasSize(5);
    assertThat(json.at("/tone/joints")).hasSize(4);
  }

  @Test
  void aFileThatIsNoFilm(@TempDir Path folder) throws Exception {
    Path text = Files.writeString(folder.resolve("notes.txt"), "no film");

    assertThat(commandLine.execute("meter", FILM, text.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("notes.txt").doesNotContain("\tat ");
  }
}
