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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class InstallTest {

  private static final String VERSION = "v1.20.1";
  private static final List<String> TOOLS =
      List.of(
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
  private Path certificate;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptServer();
    cache = folder.resolve("cache");
    certificate = folder.resolve("ca.pem");
    program = cache.resolve("babelmux/mediamtx/mediamtx");
    publish("#!/bin/sh\necho " + VERSION + "\n");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    Deploy.removeLinks(folder);
  }

  /** For a machine whose archive's sum is not in the script. */
  private static String archiveName() {
    return archiveName("armv7");
  }

  private static String archiveName(String machine) {
    return "mediamtx_%s_linux_%s.tar.gz".formatted(VERSION, machine);
  }

  private String archivePath() {
    return archivePath("armv7");
  }

  private String archivePath(String machine) {
    return "/" + VERSION + "/" + archiveName(machine);
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
    server.files.put(archivePath("amd64"), bytes);
    sums(
        "0".repeat(64)
            + " *mediamtx_v1.20.1_windows_amd64.zip\n"
            + sum(bytes)
            + " *"
            + archiveName()
            + "\n"
            + sum(bytes)
            + " *"
            + archiveName("amd64")
            + "\n");
  }

  private static String sum(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private void sums(String text) {
    server.files.put(sumsPath(), text.getBytes(StandardCharsets.UTF_8));
  }

  private ProcessBuilder script() throws IOException {
    return script(Deploy.INSTALL, "armv7l", List.of());
  }

  /**
   * @param machine what {@code uname -m} says
   * @param tools the programs on the PATH, all of this machine when there are none
   */
  private ProcessBuilder script(Path install, String machine, List<String> tools)
      throws IOException {
    Path bin = Files.createTempDirectory(folder, "bin");
    Path uname = bin.resolve("uname");
    Files.writeString(
        uname, "#!/bin/sh\n[ \"$1\" = -s ] && echo Linux || echo %s\n".formatted(machine));
    assertThat(uname.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", install.toString());
    String rest =
        tools.isEmpty()
            ? System.getenv().getOrDefault("PATH", "")
            : Deploy.bin(Files.createTempDirectory(folder, "tools"), tools).toString();
    builder.environment().put("PATH", bin + ":" + rest);
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
    String sum = sum(server.files.getOrDefault(archivePath(), new byte[0]));
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
    Deploy.Ended ended = Deploy.run(script(Deploy.INSTALL, "armv7l", toolsWith("wget")));
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(program).isExecutable();
  }

  private static List<String> toolsWith(String download) {
    List<String> tools = new ArrayList<>(TOOLS);
    tools.add(download);
    return tools;
  }

  @Test
  void anArchiveWhoseSumIsInTheScriptNeedsThatOneWhateverIsPublished() throws Exception {
    Deploy.Ended ended = Deploy.run(script(Deploy.INSTALL, "x86_64", List.of()));
    assertRefused(ended, "wrong SHA-256 sum", sum(served("amd64")), "expected 81b143f5");
  }

  @Test
  void aSumInTheScriptNeedsNoPublishedOne() throws Exception {
    server.files.remove(sumsPath());
    Path install = folder.resolve("install.sh");
    Files.writeString(
        install,
        Files.readString(Deploy.INSTALL)
            .replaceAll("(linux_amd64\\) echo )[0-9a-f]{64}", "$1" + sum(served("amd64"))));
    Deploy.Ended ended = Deploy.run(script(install, "x86_64", List.of()));
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(program).isExecutable();
  }

  private byte[] served(String machine) {
    return server.files.getOrDefault(archivePath(machine), new byte[0]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void aRedirectFromHttpsToHttpIsRefused(String download) throws Exception {
    assumeTrue(Deploy.program(download).isPresent(), "no " + download);
    try (ScriptServer tls = tls()) {
      tls.redirects.put(sumsPath(), server.url() + sumsPath());
      tls.redirects.put(archivePath(), server.url() + archivePath());
      assertRefused(Deploy.run(over(tls, download)), "download failed: " + tls.url() + sumsPath());
      ProcessBuilder pinned = over(tls, download);
      pinned.environment().put("MEDIAMTX_SHA256", sum(served("armv7")));
      assertRefused(Deploy.run(pinned), "download failed: " + tls.url() + archivePath());
    }
    assertThat(server.seen).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl", "wget"})
  void aRedirectFromHttpsToHttpsIsFollowed(String download) throws Exception {
    assumeTrue(Deploy.program(download).isPresent(), "no " + download);
    try (ScriptServer tls = tls()) {
      server.files.forEach((path, bytes) -> tls.files.put("/cdn" + path, bytes));
      tls.redirects.put(sumsPath(), tls.url() + "/cdn" + sumsPath());
      tls.redirects.put(archivePath(), tls.url() + "/cdn" + archivePath());
      Deploy.Ended ended = Deploy.run(over(tls, download));
      assertThat(ended.status()).as(ended.output()).isZero();
      assertThat(program).isExecutable();
    }
  }

  /** The script with one program for downloads, which trusts the test's certificate alone. */
  private ProcessBuilder over(ScriptServer tls, String download) throws IOException {
    ProcessBuilder builder = script(Deploy.INSTALL, "armv7l", toolsWith(download));
    builder.environment().put("MEDIAMTX_BASE_URL", tls.url());
    builder.environment().put("CURL_CA_BUNDLE", certificate.toString());
    Path wgetrc = folder.resolve("wgetrc");
    Files.writeString(wgetrc, "ca_certificate = " + certificate + "\n");
    builder.environment().put("WGETRC", wgetrc.toString());
    return builder;
  }

  /** A server with a certificate of its own making for 127.0.0.1. */
  private ScriptServer tls() throws Exception {
    return ScriptServer.tls(TestCertificate.make(folder, certificate));
  }

  @Test
  void withoutAnAbsoluteCacheFolderItIsTheHomes() throws Exception {
    ProcessBuilder builder = script();
    builder.environment().put("XDG_CACHE_HOME", "relative");
    assertThat(Deploy.run(builder).status()).isZero();
    assertThat(folder.resolve("home/.cache/babelmux/mediamtx/mediamtx")).isExecutable();
  }
}
