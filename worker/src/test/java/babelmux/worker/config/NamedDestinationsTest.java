package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedDestinationsTest {
  private static final String KEY = "abcd-secret-key";
  private static final String YOUTUBE = "rtmps://a.rtmp.example/live2/" + KEY;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** Name and URL of each, for stream s1 that is dubbed from en to es. */
  private static Map<String, String> resolved(WorkerConfig config) {
    Map<String, String> all = new LinkedHashMap<>();
    config
        .output()
        .destinations()
        .urls()
        .forEach(
            (name, url) ->
                all.put(name, url.resolve(config.mediaMtx().rtmpUrl(), "s1", config.languages())));
    return all;
  }

  @Test
  void aMappingInTheFileTheEnvironmentAndFlagsSayTheSame() throws Exception {
    Path yaml =
        file(
            "b.yml",
            """
            output:
              destinations:
                youtube: %s
                archive: "file:///data/{id}.{target-language}.mp4?x=y=z"
                back: "{rtmp-url}/backup/{id}"
            """
                .formatted(YOUTUBE));
    String words =
        "youtube=%s  archive=file:///data/{id}.{target-language}.mp4?x=y=z back={rtmp-url}/backup/{id}"
            .formatted(YOUTUBE);
    for (LoadedConfig loaded :
        List.of(
            ConfigLoader.load(Map.of(), Map.of(), yaml),
            ConfigLoader.load(Map.of(), Map.of("BABELMUX_OUTPUT_DESTINATIONS", words), null),
            ConfigLoader.load(Map.of("output.destinations", words), Map.of(), null))) {
      assertThat(resolved(loaded.config()))
          .containsExactly(
              Map.entry("youtube", YOUTUBE),
              Map.entry("archive", "file:///data/s1.es.mp4?x=y=z"),
              Map.entry("back", "rtmp://127.0.0.1:1935/backup/s1"));
      assertThat(loaded.given()).anyMatch(line -> line.contains("youtube=rtmps://a.rtmp.example"));
      assertThat(loaded.given() + "" + loaded.config().output()).doesNotContain(KEY);
    }
  }

  @Test
  void withoutTheSettingThereAreNone() {
    assertThat(WorkerConfig.defaults().output().destinations().names()).isEmpty();
    assertThat(WorkerConfig.defaults().output().destinationsAllow().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "out=rtmp://h/a/b",
        "-a=rtmp://h/a/b",
        "my.tube=rtmp://h/a/b",
        "a=rtmp://h/a/b a=rtmp://h/a/c",
        "rtmp://h/a/abcd-secret-key",
        "a=http://h/a/abcd-secret-key",
        "a=/data/film.mp4",
        "a=rtmp://h/{name}/b",
        "a=",
        "abcdefghijklmnopqrstuvwxyz1234567=rtmp://h/a/b"
      })
  void whatIsNoNameAndUrlIsRefusedAndNoKeyShown(String text) {
    assertThatThrownBy(() -> ConfigLoader.load(Map.of("output.destinations", text), Map.of(), null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("output.destinations = \"")
        .hasMessageContaining("(from --destination)")
        .hasMessageContaining("a NAME is a letter or digit, then up to 31 letters")
        .hasMessageNotContaining(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{rtmp-url}/live/{id}/in", "{rtmp-url}/live/{id}/out"})
  void aStreamIsNotSentIntoItself(String url) {
    assertThatThrownBy(
            () -> ConfigLoader.load(Map.of("output.destinations", "a=" + url), Map.of(), null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("destination a ");
  }

  @Test
  void aUrlMayStandInAFileThatIsReadAgain() throws Exception {
    Path secret = file("youtube", YOUTUBE + "\n");
    Path yaml =
        file(
            "b.yml",
            "output:\n  destinations:\n    youtube: \"@%s\"\n    other: rtmp://h/a/b\n"
                .formatted(secret));
    LoadedConfig loaded = ConfigLoader.load(Map.of(), Map.of(), yaml);
    assertThat(resolved(loaded.config()))
        .containsExactly(Map.entry("youtube", YOUTUBE), Map.entry("other", "rtmp://h/a/b"));
    Files.writeString(secret, "rtmp://h/a/another");
    SecretFiles.Reread again = loaded.secrets().readAgain();
    assertThat(again.changed()).containsExactly("output.destinations");
    assertThat(resolved(again.config())).containsEntry("youtube", "rtmp://h/a/another");
    Files.writeString(secret, "no URL");
    assertThat(loaded.secrets().readAgain().kept().toString())
        .contains("output.destinations")
        .contains("does not hold what is expected");
    Files.delete(secret);
    assertThatThrownBy(() -> ConfigLoader.load(Map.of(), Map.of(), yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(secret + " is not there");
  }

  @Test
  void allOfThemMayStandInOneFile() throws Exception {
    Path secret = file("all", "a=rtmp://h/a/b c=rtmp://h/c/d");
    LoadedConfig loaded =
        ConfigLoader.load(Map.of("output.destinations", "@" + secret), Map.of(), null);
    assertThat(loaded.config().output().destinations().names()).containsExactly("a", "c");
  }
}
