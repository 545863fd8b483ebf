package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  private static final String HIDDEN = "hunter2";

  /** Settings that hide a part of what they are given, and refuse to be given a secret. */
  private static final List<String> HOLD_NONE = List.of("page.hls-url", "sts.url");

  @TempDir Path folder;
  private final Map<String, String> flags = new HashMap<>();

  private Path file(String key, String text) throws IOException {
    Path file = folder.resolve(key);
    Files.writeString(file, text);
    flags.put(key, "@" + file);
    return file;
  }

  private LoadedConfig load() {
    return ConfigLoader.load(flags, Map.of(), null);
  }

  private static <T> String shown(Setting<T> setting, String text) {
    return setting.parser().shown().apply(text);
  }

  @Test
  void everySecretSettingTakesAFile() {
    String url = "rtmp://user:" + HIDDEN + "@host/path?pass=" + HIDDEN;
    assertThat(Catalog.all())
        .filteredOn(setting -> !shown(setting, url).contains(HIDDEN))
        .filteredOn(setting -> !HOLD_NONE.contains(setting.key()))
        .hasSizeGreaterThanOrEqualTo(5)
        .allMatch(setting -> setting.parser().inFile())
        .allMatch(setting -> setting.expected().contains("@FILE"));
  }

  @Test
  void secretsStandInFilesOfTheirOwn() throws IOException {
    file("api.token", "token-1\n");
    file("sts.token", "  key-1  \n");
    file("mediamtx.rtmp-url", "rtmp://u:p-1@mtx:1936\n");
    file("mediamtx.api-url", "https://u:p-1@mtx:9998");
    file("output.url-template", "rtmp://cdn/live/{id}?pass=p-1");
    WorkerConfig config = load().config();
    assertThat(config.access().token()).isEqualTo(new Secret("token-1"));
    assertThat(config.sts().token()).isEqualTo(new Secret("key-1"));
    assertThat(config.mediaMtx().rtmpUrl().withPath("x"))
        .isEqualTo("rtmp://mtx:1936/x?user=u&pass=p-1");
    assertThat(config.mediaMtx().apiUrl().toUri()).hasToString("https://u:p-1@mtx:9998");
    assertThat(
            config
                .output()
                .urlTemplate()
                .resolve(config.mediaMtx().rtmpUrl(), "a", config.languages()))
        .isEqualTo("rtmp://cdn/live/a?pass=p-1");
    assertThat(String.join("\n", load().given())).doesNotContain("token-1", "key-1", "p-1");
  }

  private void startIsRefused(String... words) {
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining(HIDDEN);
  }

  @Test
  void aFileThatCannotBeReadOrHoldsNothingGoodRefusesTheStart() throws IOException {
    flags.put("sts.token", "@" + folder.resolve("absent"));
    startIsRefused(
        "sts.token = \"***\" (from --sts-token)", folder + "/absent is not there", "@FILE");
    flags.put("sts.token", "@" + folder);
    startIsRefused("sts.token", folder + " is no regular file");
    file("sts.token", HIDDEN + " two\n");
    startIsRefused("sts.token", "sts.token does not hold what is expected", "without blanks");
    file("sts.token", HIDDEN + "\n" + HIDDEN + "\n");
    startIsRefused("sts.token", "holds more than one line");
    file("sts.token", " \n");
    startIsRefused("sts.token", "is empty");
    file("sts.token", "x".repeat(8193));
    startIsRefused("sts.token", "is longer than 8192 bytes");
    file("sts.token", "x".repeat(70_000));
    startIsRefused("sts.token", "is longer than 8192 bytes");
    Files.write(file("sts.token", ""), new byte[] {(byte) 0xff, (byte) 0xfe});
    startIsRefused("sts.token", "is no UTF-8 text");
    flags.put("sts.token", "@");
    startIsRefused("sts.token");
    // Meant as it stands: it must not be shown because it is no file.
    flags.put("sts.token", "@" + HIDDEN);
    startIsRefused("sts.token", "the file is not there");
    flags.put("sts.token", "@" + HIDDEN.repeat(100));
    startIsRefused("sts.token", "the file cannot be read");
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @DisabledOnOs(OS.WINDOWS)
  void aPipeThatNobodyWritesToHoldsUpNothing() throws Exception {
    Path key = file("sts.token", "key-1");
    SecretFiles files = load().secrets();
    Files.delete(key);
    assertThat(new ProcessBuilder("mkfifo", key.toString()).start().waitFor()).isZero();
    startIsRefused("sts.token", "is no regular file");
    SecretFiles.Reread read = files.readAgain();
    assertThat(read.kept()).containsExactly("sts.token (the file " + key + " is no regular file)");
    assertThat(read.config().sts().token()).isEqualTo(new Secret("key-1"));
  }

  @Test
  void blanksAndLineEndsOfAnySystemAroundALineAreNoPartOfIt() throws IOException {
    for (String text : List.of("key-1", "key-1\n", "key-1\r\n", "\n key-1 \n\n")) {
      file("sts.token", text);
      assertThat(load().config().sts().token()).isEqualTo(new Secret("key-1"));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFileThatEveryUserCanReadIsNoted() throws IOException {
    Path key = file("sts.token", HIDDEN);
    Path tls = file("http.tls-key", "");
    flags.put("http.tls-key", tls.toString());
    flags.put("http.tls-cert", tls.toString());
    mode(key, "rw-r--r--");
    mode(tls, "rw-r--r--");
    mode(folder, "rwxr-x---");
    assertThat(load().notes()).as("behind a closed door").isEmpty();
    mode(folder, "rwxr-xr-x");
    assertThat(load().notes())
        .satisfiesExactly(
            note -> assertThat(note).contains("http.tls-key: every user", tls.toString()),
            note -> assertThat(note).contains("sts.token: every user", key.toString()));
    SecretFiles files = load().secrets();
    mode(tls, "rw-r-----");
    assertThat(files.readAgain().notes())
        .singleElement()
        .asString()
        .contains("sts.token", "chmod o-r")
        .doesNotContain(HIDDEN);
    mode(key, "r--------");
    assertThat(files.readAgain().notes()).isEmpty();
  }

  private static void mode(Path path, String rights) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
  }

  @Test
  void whatStandsInNoFileOfItsOwnIsNotLookedAtAgain() throws IOException {
    Path token = file("api.token", "token-1");
    Path certificates = Files.writeString(folder.resolve("ca.pem"), "");
    flags.put("sts.ca-file", certificates.toString());
    SecretFiles files = load().secrets();
    Files.delete(certificates);
    Files.writeString(token, "token-2");
    assertThat(files.readAgain().changed()).containsExactly("api.token");
  }

  @Test
  void whatFitsByItselfAndNotTheOtherSettingsKeepsTheOldValueOfAll() throws IOException {
    Path token = file("api.token", "token-1");
    Path template = file("output.url-template", "{rtmp-url}/live/{id}/out");
    SecretFiles files = load().secrets();
    Files.writeString(token, "token-2");
    Files.writeString(template, "{rtmp-url}/live/{id}/in");
    SecretFiles.Reread read = files.readAgain();
    assertThat(read.changed()).isEmpty();
    assertThat(read.kept())
        .containsExactly(
            "api.token (does not fit the other settings)",
            "output.url-template (does not fit the other settings)");
    assertThat(read.config().access().token()).isEqualTo(new Secret("token-1"));
    Files.writeString(template, "{rtmp-url}/live/{id}/dub");
    assertThat(files.readAgain().changed()).containsExactly("api.token", "output.url-template");
  }

  @Test
  void readAgainSaysWhatChangedAndWhatDidNot() throws IOException {
    file("sts.token", "key-1");
    Path token = file("api.token", "token-1");
    flags.put("delay", "12s");
    SecretFiles files = load().secrets();
    Files.writeString(token, "token-2\n");
    SecretFiles.Reread read = files.readAgain();
    assertThat(read.changed()).containsExactly("api.token");
    assertThat(read.unchanged()).containsExactly("sts.token");
    assertThat(read.kept()).isEmpty();
    assertThat(read.config().access().token()).isEqualTo(new Secret("token-2"));
    assertThat(read.config().sts().token()).isEqualTo(new Secret("key-1"));
    assertThat(read.config().delay().delay()).hasSeconds(12);
    assertThat(files.readAgain().changed()).isEmpty();
  }

  @Test
  void aFileThatIsGoneOrBadKeepsTheOldValueAndTheOthersAreRead() throws IOException {
    Path key = file("sts.token", "key-1");
    Path token = file("api.token", "token-1");
    SecretFiles files = load().secrets();
    Files.delete(key);
    Files.writeString(token, "token-2");
    SecretFiles.Reread read = files.readAgain();
    assertThat(read.kept()).singleElement().asString().contains("sts.token", key.toString());
    assertThat(read.config().sts().token()).isEqualTo(new Secret("key-1"));
    assertThat(read.config().access().token()).isEqualTo(new Secret("token-2"));
    Files.writeString(key, HIDDEN + "\n" + HIDDEN);
    assertThat(files.readAgain().kept())
        .singleElement()
        .asString()
        .contains("sts.token", "holds more than one line")
        .doesNotContain(HIDDEN);
    Files.writeString(key, "key-2");
    assertThat(files.readAgain().config().sts().token()).isEqualTo(new Secret("key-2"));
  }

  @Test
  void withoutFilesThereIsNothingToRead() {
    flags.put("api.token", "token-1");
    SecretFiles.Reread read = load().secrets().readAgain();
    assertThat(read.changed()).isEmpty();
    assertThat(read.unchanged()).isEmpty();
    assertThat(read.config().access().token()).isEqualTo(new Secret("token-1"));
  }

  @Test
  void certificateAndKeyComeTogether() {
    flags.put("http.tls-key", "pom.xml");
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.tls-cert (unset)")
        .hasMessageContaining("both of them, or none");
    flags.put("http.tls-cert", "absent.pem");
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.tls-cert = \"absent.pem\"")
        .hasMessageContaining("a file that can be read");
  }
}
