package babelmux.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AssetsTest {

  private static final Path WEB = Path.of("src", "main", "resources", "babelmux", "page", "web");
  private static final int MAX_BYTES = 400 << 10;

  private final Assets assets = new Assets();

  @Test
  void everyFileOfThePageIsListedAndNoOther() throws IOException {
    try (Stream<Path> files = Files.walk(WEB)) {
      List<String> there =
          files
              .filter(Files::isRegularFile)
              .map(file -> WEB.relativize(file).toString().replace('\\', '/'))
              .filter(name -> !name.equals(Assets.SHELL) && !name.equals("vendor/README.md"))
              .toList();
      List<String> listed = new ArrayList<>(Assets.OWN);
      listed.addAll(Assets.PLAYERS);
      assertThat(listed).containsExactlyInAnyOrderElementsOf(there).doesNotHaveDuplicates();
    }
  }

  @Test
  void thePageWithoutThePlayersWeighsLessThan400KiB() {
    long bytes = assets.get(Assets.SHELL).plain().length;
    for (String name : assets.names()) {
      if (!Assets.PLAYERS.contains(name)) {
        bytes += assets.get(name).plain().length;
      }
    }
    assertThat(bytes).isBetween(20_000L, (long) MAX_BYTES);
  }

  @Test
  void everyImportLeadsToAFileThatIsServed() {
    TreeSet<String> served = new TreeSet<>();
    assets.names().forEach(served::add);
    Pattern imported = Pattern.compile("(?:from|import)\\s*\\(?\\s*[\"'](?<to>[^\"']+)[\"']");
    int seen = 0;
    for (String name : served) {
      if (!name.endsWith(".js") || Assets.PLAYERS.contains(name)) {
        continue;
      }
      Matcher matcher = imported.matcher(new String(assets.get(name).plain(), UTF_8));
      while (matcher.find()) {
        String to =
            Path.of("/page", name).resolveSibling(matcher.group("to")).normalize().toString();
        assertThat(served).as("%s imports %s", name, matcher.group("to")).contains(to.substring(6));
        seen++;
      }
    }
    assertThat(seen).isGreaterThan(30);
  }

  @Test
  void nothingNamesAnotherHost() {
    for (String name : Assets.OWN) {
      String text =
          new String(assets.get(name).plain(), UTF_8).replace("http://www.w3.org/2000/svg", "");
      assertThat(text).as(name).doesNotContainPattern("https?://[a-z]");
    }
  }

  @Test
  void thePlayersAreThoseThatTheReadmeNames() throws Exception {
    String readme = Files.readString(WEB.resolve("vendor").resolve("README.md"));
    for (String name : Assets.PLAYERS) {
      byte[] bytes = assets.get(name).plain();
      String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      assertThat(readme).as(name).contains(digest);
    }
  }

  @Test
  void theNoticeNamesEachLibraryThatIsShippedWithItsLicence() throws IOException {
    String notice = Files.readString(Path.of("..", "NOTICE"));
    assertThat(notice)
        .contains("lit-html", "BSD 3-Clause", "Copyright (c) 2017 Google LLC")
        .contains("hls.js", "Dailymotion", "Brightcove")
        .contains("mpegts.js", "es6-promise", "MIT License");
    String lit = new String(assets.get("lib/lit-html.js").plain(), UTF_8);
    assertThat(lit).contains("BSD-3-Clause");
  }
}
