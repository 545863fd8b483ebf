package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallTest {

  private static final String VERSION = "v1.20.1";
  private static final List<String> TOOLS =
      List.of(
          "uname",
          "awk",
          "tar",
          "gzip",
          "mkdir",
          "mktemp",
          "rm",
          "rmdir",
          "mv",
          "chmod",
          "sha256sum",
          "tr",
          "sh");

  @TempDir Path folder;
  private ScriptServer server;
  private Path cache;
  private Path program;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptServer();
    cache = folder.resolve("cache");
    program = cache.resolve("babelmux/mediamtx/mediamtx");
    publish("#!/bin/sh\necho " + VERSION + "\n");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    Deploy.removeLinks(folder);
  }

  private static String archiveName() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "");
    return "mediamtx_%s_%s_%s.tar.gz"
        .formatted(
            VERSION,
            os.contains("mac") ? "darwin" : "linux",
            arch.equals("aarch64") ? "arm64" : "amd64");
  }

  private String archivePath() {
    return "/" + VERSION + "/" + archiveName();
  }

  private String sumsPath() {
    return "/" + VERSION + "/checksums.sha256";
  }

  /** A release whose program is this text, with its sum beside those of others. */
  private void publish(String text) throws Exception {
    publish("mediamtx", text);
  }

  private void publish(String member, String text) throws Exception {
    Path source = Files.createTempDirectory(folder, "release");
    Files.writeString(source.resolve(member), text);
    Files.writeString(source.resolve("LICENSE"), "MIT");
    assertThat(source.resolve(member).toFile().setExecutable(true)).isTrue();
    Path archive = source.resolve("archive.tar.gz");
    Deploy.Ended packed =
        Deploy.run(
            new ProcessBuilder(
                "tar", "-czf", archive.toString(), "-C", source.toString(), member, "LICENSE"));
    assertThat(packed.status()).as(packed.output()).isZero();
    byte[] bytes = Files.readAllBytes(archive);
    server.files.put(archivePath(), bytes);
    sums(
        "0".repeat(64)
            + " *mediamtx_v1.20.1_windows_amd64.zip\n"
            + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
            + " *"
            + archiveName()
            + "\n");
  }

  private void sums(String text) {
    server.files.put(sumsPath(), text.getBytes(StandardCharsets.UTF_8));
  }

  private ProcessBuilder script() {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", Deploy.INSTALL.toString());
    builder.environment().put("MEDIAMTX_BASE_URL", server.url());
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    builder.environment().put("HOME", folder.resolve("home").toString());
    return builder;
  }

  private Deploy.Ended install() throws Exception {
    return Deploy.run(script());
  }

  private void assertRefused(Deploy.Ended ended, String... reasons) throws IOException {
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output().lines().reduce((a, b) -> b).orElse(""))
        .startsWith("install.sh: ")
        .contains(reasons);
    assertThat(cache.resolve("babelmux")).doesNotExist();
  }

  @Test
  void putsTheProgramIntoTheCache() throws Exception {
    Deploy.Ended ended = install();
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(archiveName()).contains("installed: " + program);
    assertThat(program).isExecutable().isRegularFile();
    assertThat(Deploy.run(new ProcessBuilder(program.toString())).output())
        .isEqualTo(VERSION + "\n");
    try (var files = Files.list(program.getParent())) {
      assertThat(files).containsExactly(program);
    }
  }

  @Test
  void isContentWithWhatIsThere() throws Exception {
    install();
    server.seen.clear();
    Deploy.Ended ended = install();
    assertThat(ended.status()).isZero();
    assertThat(ended.output()).contains("already there");
    assertThat(server.seen).isEmpty();
  }

  @Test
  void replacesAnotherVersion() throws Exception {
    old();
    assertThat(install().status()).isZero();
    assertThat(Files.readString(program)).contains(VERSION);
  }

  @Test
  void leavesAnotherVersionWhenTheNewOneIsRefused() throws Exception {
    old();
    sums("f".repeat(64) + " *" + archiveName() + "\n");
    assertThat(install().status()).isEqualTo(1);
    assertThat(Files.readString(program)).contains("v1.0.0");
    try (var files = Files.list(program.getParent())) {
      assertThat(files).containsExactly(program);
    }
  }

  private void old() throws IOException {
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\necho v1.0.0\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void refusesAWrongSum() throws Exception {
    sums("f".repeat(64) + " *" + archiveName() + "\n");
    assertRefused(install(), "wrong SHA-256 sum", "f".repeat(64));
  }

  @Test
  void refusesAChangedArchive() throws Exception {
    server.files.computeIfPresent(
        archivePath(),
        (path, bytes) -> {
          byte[] changed = bytes.clone();
          changed[changed.length / 2] ^= 1;
          return changed;
        });
    assertRefused(install(), "wrong SHA-256 sum");
  }

  @Test
  void refusesSumsThatDoNotNameTheArchive() throws Exception {
    for (String text :
        List.of(
            "",
            "f".repeat(64) + " *other.tar.gz\n",
            "f".repeat(63) + " *" + archiveName() + "\n",
            "z".repeat(64) + " *" + archiveName() + "\n",
            ("f".repeat(64) + " *" + archiveName() + "\n").repeat(2),
            "<html>not found</html>")) {
      sums(text);
      assertRefused(install(), "no one SHA-256 sum");
    }
  }

  @Test
  void aPinnedSumTakesThePlaceOfThePublishedOne() throws Exception {
    byte[] archive = server.files.getOrDefault(archivePath(), new byte[0]);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
    sums("f".repeat(64) + " *" + archiveName() + "\n");
    ProcessBuilder builder = script();
    builder.environment().put("MEDIAMTX_SHA256", sum.toUpperCase(Locale.ROOT));
    assertThat(Deploy.run(builder).status()).isZero();
    assertThat(program).isExecutable();
  }

  @Test
  void anotherPinnedSumIsRefusedWhateverIsPublished() throws Exception {
    ProcessBuilder builder = script();
    builder.environment().put("MEDIAMTX_SHA256", "0".repeat(64));
    assertRefused(Deploy.run(builder), "wrong SHA-256 sum", "0".repeat(64));
    builder.environment().put("MEDIAMTX_SHA256", "latest");
    assertRefused(Deploy.run(builder), "MEDIAMTX_SHA256");
  }

  @Test
  void saysWhatCouldNotBeDownloaded() throws Exception {
    server.files.remove(archivePath());
    assertRefused(install(), "download failed", archivePath());
    server.files.remove(sumsPath());
    assertRefused(install(), "download failed", sumsPath());
    server.close();
    assertRefused(install(), "download failed");
  }

  @Test
  void refusesAnArchiveWithoutTheProgram() throws Exception {
    publish("something-else", "x");
    assertRefused(install(), "holds no program mediamtx");
  }

  @Test
  void refusesAProgramOfAnotherVersion() throws Exception {
    publish("#!/bin/sh\necho v1.19.0\n");
    assertRefused(install(), "v1.19.0", "expected " + VERSION);
    publish("#!/bin/sh\nexit 3\n");
    assertRefused(install(), "does not run here");
  }

  @Test
  void worksWithWgetToo() throws Exception {
    assumeTrue(
        Deploy.program("wget").isPresent() && Deploy.program("sha256sum").isPresent(),
        "no wget: the download with it was not tested");
    List<String> tools = new ArrayList<>(TOOLS);
    tools.add("wget");
    Path bin = Deploy.bin(folder.resolve("bin"), tools);
    ProcessBuilder builder = script();
    builder.environment().put("PATH", bin.toString());
    Deploy.Ended ended = Deploy.run(builder);
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(program).isExecutable();
  }

  @Test
  void withoutAnAbsoluteCacheFolderItIsTheHomes() throws Exception {
    ProcessBuilder builder = script();
    builder.environment().put("XDG_CACHE_HOME", "relative");
    assertThat(Deploy.run(builder).status()).isZero();
    assertThat(folder.resolve("home/.cache/babelmux/mediamtx/mediamtx")).isExecutable();
  }
}
