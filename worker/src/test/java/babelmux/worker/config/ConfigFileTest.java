package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

  @Test
  void keepsValuesAsTheyWereWritten() {
    var values =
        ConfigFile.parse("f.yml", "http:\n  port: 0080\nsource-language: no\ndelay: 14.50s\n");
    assertThat(values.get("http.port")).isEqualTo(new Given("0080", Layer.FILE, "f.yml line 2"));
    assertThat(values.get("source-language"))
        .isEqualTo(new Given("no", Layer.FILE, "f.yml line 3"));
    assertThat(values.get("delay")).isEqualTo(new Given("14.50s", Layer.FILE, "f.yml line 4"));
  }

  @Test
  void anEmptyFileAndEmptyValuesSetNothing() {
    assertThat(ConfigFile.parse("f.yml", "")).isEmpty();
    assertThat(ConfigFile.parse("f.yml", "# only a comment\n")).isEmpty();
    assertThat(ConfigFile.parse("f.yml", "sts:\n  token:\n")).isEmpty();
  }

  @Test
  void saysWhereItIsNotYamlWithoutQuotingIt() {
    assertThatThrownBy(() -> ConfigFile.parse("f.yml", "sts:\n  token: \"hunter2\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("f.yml line")
        .hasMessageContaining("not YAML")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void refusesWhatIsNoMappingOfSingleValues() {
    assertRefused("- a\n", "expected keys and values");
    assertRefused("text", "expected keys and values");
    assertRefused("delay: [1s]\n", "line 1: delay: expected one value, found a list");
    assertRefused("delay: &d 8s\nsts:\n  limit: *d\n", "line 3: sts.limit: expected a value");
    assertRefused("delay: 8s\ndelay: 9s\n", "line 2: delay stands here for the second time");
    assertRefused("delay: 8s\n---\ndelay: 9s\n", "found a second one");
  }

  private static void assertRefused(String yaml, String problem) {
    assertThatThrownBy(() -> ConfigFile.parse("f.yml", yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void refusesAFileThatIsMissingTooLargeOrNoText(@TempDir Path dir) throws IOException {
    assertThatThrownBy(() -> ConfigFile.read(dir.resolve("none.yml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none.yml: cannot be read");
    Path large = Files.write(dir.resolve("large.yml"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> ConfigFile.read(large)).hasMessageContaining("at most 1048576 bytes");
    Path binary = Files.write(dir.resolve("binary.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ConfigFile.read(binary)).isInstanceOf(ConfigException.class);
  }

  @Test
  void noBytesMakeItFailInAnotherWay() {
    Random random = new Random(3);
    String letters = "a:-[]{}&*#'\"\\ \n\t|>%@`,?!~0é\u0000";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder yaml = new StringBuilder();
      for (int n = random.nextInt(24); n > 0; n--) {
        yaml.append(letters.charAt(random.nextInt(letters.length())));
      }
      String bytes =
          new String(yaml.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      try {
        assertThat(ConfigFile.parse("f.yml", bytes)).isNotNull();
      } catch (ConfigException expected) {
        assertThat(expected.problems()).hasSize(1);
      }
    }
  }
}
