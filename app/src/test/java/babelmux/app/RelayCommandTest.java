package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.testmedia.ClipMaker;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code relay} in this process: its command line, its report, and a file to files. */
@Timeout(60)
class RelayCommandTest {
  private static final String FILM = "../fixtures/30s-counting-english.mp4";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int relay(String... arguments) {
    List<String> all = new ArrayList<>(List.of("relay"));
    all.addAll(List.of(arguments));
    return Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          archive                                          | "archive": expected NAME=URL or NAME=@FILE
          rtmp://host/live/k3ys3cret?a=b                   | expected NAME=URL or NAME=@FILE
          a b=out.flv                                      | name "a b": expected a letter or digit
          a=ftp://host/k3ys3cret                           | a: scheme ftp: expected rtmp, rtmps, srt or file
          a=out.avi                                        | a: "out.avi": expected a file that ends with .mp4, .mkv, .ts, .flv
          a=rtmp://host:0/live/k3ys3cret                   | a: "rtmp://host:0/live/***": expected
          out=out.flv                                      | name "out": expected a letter or digit
          a=rtmp://host                                    | a: "rtmp://host": expected a path behind the host
          a=srt://host:8890?streamid=k3ys3cret&mode=listener | mode=caller
          a=@/nowhere/k3y.txt                              | a: the file /nowhere/k3y.txt is not there
          """)
  void aDestinationThatIsNoneIsNamedWithoutItsSecrets(String target, String said) {
    assertThat(relay(FILM, "--to", target)).isEqualTo(2);
    assertThat(err.toString()).contains("--to: ", said).doesNotContain("k3ys3cret");
  }

  @Test
  void certificatesThatCannotBeReadAreNamed() {
    assertThat(relay(FILM, "--to", "a=out.flv", "--output-ca-file", FILM)).isEqualTo(2);
    assertThat(err.toString()).contains("output.ca-file");
  }

  @Test
  void namesAndUrlsAreDistinct() {
    String secret = "rtmp://user:s3cret@host/live/k3ys3cret?token=t0ken";
    assertThat(relay(FILM, "--to", "a=" + secret, "--to", "a=out.flv")).isEqualTo(2);
    assertThat(err.toString()).contains("--to: the name a stands there twice");
    assertThat(relay(FILM, "--to", "a=" + secret, "--to", "b=" + secret)).isEqualTo(2);
    assertThat(err.toString())
        .contains("--to: b has the URL of another one")
        .doesNotContain("s3cret", "t0ken");
  }

  @Test
  void theInputIsThereAndNoDestination() {
    assertThat(relay("nowhere.mp4", "--to", "a=out.flv")).isEqualTo(2);
    assertThat(err.toString()).contains("IN: nowhere.mp4: expected a file that can be read");
    assertThat(relay("http://host/a.flv?k=s3cret", "--to", "a=out.flv")).isEqualTo(2);
    assertThat(err.toString()).contains("IN: ", "expected rtmp://").doesNotContain("s3cret");
    assertThat(relay("rtmp://host/live/a?user=x", "--to", "a=rtmp://HOST:1935/live/a"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--to: a: expected another URL than IN");
    assertThat(relay(FILM)).isEqualTo(2);
    assertThat(err.toString()).contains("--to");
  }

  /** Hashes of all packets of one kind. */
  private static List<Integer> hashes(Path file) throws Exception {
    List<Integer> hashes = new ArrayList<>();
    try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
      for (Packet next = source.read(); next != null; next = source.read()) {
        hashes.add(Arrays.hashCode(next.bytes()));
        next.close();
      }
    }
    return hashes;
  }

  @Test
  @Tag("slow")
  void aFileGoesAsFastAsItPlaysAndWholeToWhoeverTakesItsCodecs() throws Exception {
    Path clip = folder.resolve("clip.mkv");
    ClipMaker.make(
        "-i",
        FILM,
        "-t",
        "2.5",
        "-c:v",
        "mpeg2video",
        "-b:v",
        "1M",
        "-c:a",
        "mp2",
        clip.toString());
    Path named = Files.writeString(folder.resolve("where"), folder.resolve("b.mkv") + "\n");
    long begin = System.nanoTime();
    int code =
        relay(
            clip.toString(),
            "--to",
            "one=" + folder.resolve("a.mkv"),
            "--to",
            "two=@" + named,
            "--to",
            "flash=" + folder.resolve("c.flv"),
            "--json",
            "--log-level",
            "error");
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(code).as(err.toString()).isEqualTo(1);
    assertThat(seconds).isGreaterThan(2.3);
    List<Integer> whole = hashes(clip);
    assertThat(hashes(folder.resolve("a.mkv"))).containsExactlyInAnyOrderElementsOf(whole);
    assertThat(hashes(folder.resolve("b.mkv"))).containsExactlyInAnyOrderElementsOf(whole);

    JsonNode report = JsonMapper.builder().build().readTree(out.toString());
    assertThat(names(report)).containsExactly("complete", "source", "destinations");
    assertThat(report.get("complete").asBoolean()).isFalse();
    JsonNode source = report.get("source");
    assertThat(names(source))
        .containsExactly(
            "url",
            "video",
            "audio",
            "packets",
            "seconds",
            "connections",
            "dropped",
            "ignored",
            "lastError");
    assertThat(source.get("video").asText()).isEqualTo("mpeg2video 1280x720");
    assertThat(source.get("audio").asText()).isEqualTo("mp2 48000 Hz 2 ch");
    assertThat(source.get("packets").asInt()).isEqualTo(whole.size());
    assertThat(source.get("seconds").asDouble()).isBetween(2.3, 2.7);
    JsonNode one = report.get("destinations").get(0);
    assertThat(names(one))
        .containsExactly(
            "name",
            "url",
            "complete",
            "state",
            "packets",
            "seconds",
            "bytes",
            "dropped",
            "droppedBy",
            "reconnections",
            "lastError");
    assertThat(one.get("name").asText()).isEqualTo("one");
    assertThat(one.get("complete").asBoolean()).isTrue();
    assertThat(one.get("packets").asInt()).isEqualTo(whole.size());
    JsonNode flash = report.get("destinations").get(2);
    assertThat(flash.get("complete").asBoolean()).isFalse();
    assertThat(flash.get("packets").asInt()).isZero();
    assertThat(flash.get("dropped").asInt()).isEqualTo(whole.size());
    assertThat(flash.get("lastError").asText()).contains("file: cannot begin");
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
