package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.Catalog;
import babelmux.worker.config.LogConfig;
import babelmux.worker.config.Setting;
import babelmux.worker.config.WorkerConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void versionAndHelpAreAsOneExpects() {
    assertThat(commandLine.execute("--version")).isZero();
    assertThat(out.toString()).startsWith("babelmux 0.").contains("Java ");
    assertThat(out.toString()).doesNotContain("${");
    assertThat(commandLine.execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: babelmux").contains("doctor").contains("sts-echo");
  }

  @Test
  void everyCommandExplainsItself() {
    for (Map.Entry<String, CommandLine> command : commandLine.getSubcommands().entrySet()) {
      assertThat(commandLine.execute(command.getKey(), "--help")).isZero();
      assertThat(command.getValue().getCommandSpec().usageMessage().description()).isNotEmpty();
    }
    assertThat(out.toString()).doesNotContain("DEFAULT-VALUE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "frobnicate",
        "doctor --nonsense",
        "doctor --port",
        "doctor --port 1 --port 2",
        "doctor --delay 6s",
        "doctor --config /none.yml",
        "sts-echo --voice none",
        "sts-echo --dialect none",
        "sts-echo --port 70000",
        "sts-echo --path socket.io",
        "sts-echo --path /drill",
        "sts-echo --delay 5",
        "sts-echo --script no-such-file.yaml",
        "sts-echo --script pom.xml",
        "sts-echo --log-level loud",
        "dub pom.xml /tmp/none.mp4 --sts none",
        "dub pom.xml /tmp/none.mp4",
        "dub /none /tmp/none.mp4 --sts echo",
        "meter pom.xml",
        "meter pom.xml no-such-file.mp4",
        "meter pom.xml pom.xml --tone -1",
        "origin --rtmp-port 70000",
        "origin --api-port x",
        "origin --hls-port x",
        "drill",
        "drill sts",
        "drill wait=http://127.0.0.1:1",
        "drill sts=srt://127.0.0.1:8890",
        "drill sts=http://127.0.0.1:1 --listen rtmp=1",
        "drill sts=http://127.0.0.1:1 --listen sts=70000",
        "drill sts=http://127.0.0.1:1 --step fly",
        "drill sts=http://127.0.0.1:1 --script no-such-file"
      })
  void wrongUsageIsExitCodeTwoWithAReason(String line) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    assertThat(commandLine.execute(args)).isEqualTo(2);
    assertThat(err.toString()).isNotBlank().doesNotContain("\tat ");
  }

  @Test
  void aBadSettingIsToldWithItsNameValueAndWhatWasExpected() {
    commandLine.execute("doctor", "--delay", "6s", "--sts-url", "ftp://john:hunter2@h");
    assertThat(err.toString().lines())
        .containsExactlyInAnyOrder(
            "doctor: delay = \"6s\" (from --delay): expected a duration from 6.5s to 10m, such as"
                + " 14.5s, 500ms or PT15M",
            "doctor: sts.url = \"ftp://***@h\" (from --sts-url): expected an http, https, ws or wss"
                + " URL without credentials and query");
  }

  private static WorkerConfig parsed(String... args) {
    CommandLine serve = SettingOptions.addTo(new DoctorCommand());
    return SettingOptions.load(serve.parseArgs(args), Map.of()).config();
  }

  @Test
  void everySettingHasItsOptionAndTheOptionReachesTheSetting() {
    List<String> args = new ArrayList<>();
    for (Setting<?> setting : Catalog.all()) {
      String value = setting.defaultText();
      if (value != null) {
        args.add(setting.flag());
        args.add(value);
      }
    }
    assertThat(parsed(args.toArray(String[]::new))).isEqualTo(WorkerConfig.defaults());
  }

  @ParameterizedTest
  @CsvSource({"--sts-skip, true", "--sts-skip=false, false", "--sts-skip=true, true"})
  void aTruthValueMayStandAlone(String arg, boolean value) {
    assertThat(parsed(arg).sts().skip()).isEqualTo(value);
  }

  @Test
  void theFixedFlagsOfServe() {
    WorkerConfig config =
        parsed(
            "--host",
            "0.0.0.0",
            "--port=9090",
            "--rtmp-url",
            "rtmp://m",
            "--mediamtx-api",
            "http://m:1",
            "--sts-url",
            "http://s:1",
            "--source-language",
            "de",
            "--target-language",
            "fr",
            "--delay",
            "8s",
            "--sts-token",
            "k",
            "--log-level",
            "debug");
    assertThat(config.http().port()).isEqualTo(9090);
    assertThat(config.mediaMtx().apiUrl().base()).isEqualTo("http://m:1");
    assertThat(config.languages().target()).isEqualTo("fr");
    assertThat(config.sts().token()).isNotNull();
    assertThat(config.log().level()).isEqualTo(LogConfig.Level.DEBUG);
  }

  @Test
  void helpShowsPlaceholdersAndPercentSignsAsTheyAre() {
    commandLine.execute("doctor", "--help");
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("{rtmp-url}/live/{id}/out")
        .contains("[BABELMUX_DELAY]");
  }
}
