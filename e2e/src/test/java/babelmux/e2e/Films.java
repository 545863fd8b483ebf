package babelmux.e2e;

import babelmux.meter.AvReport;
import babelmux.meter.Recording;
import babelmux.testmedia.ClipMaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What is published: the fixtures and cuts of them, made in the process. */
final class Films {
  private Films() {}

  static Path counting() {
    return fixtures().resolve("30s-counting-english.mp4");
  }

  static Path noBframes() {
    return fixtures().resolve("30s-44100-no-bframes.mp4");
  }

  private static Path fixtures() {
    return Path.of(System.getProperty("e2e.fixtures", "../fixtures"));
  }

  /** The folder for all that the tests leave behind. */
  static Path output() {
    try {
      return Files.createDirectories(Path.of(System.getProperty("e2e.output", "target/e2e")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder of one test class, empty. */
  static Path folder(Class<?> test) throws IOException {
    Path folder = Files.createDirectories(output().resolve(test.getSimpleName()));
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    return folder;
  }

  /**
   * The beginning of a film, nothing coded again.
   *
   * @param options further options of ffmpeg for the output, such as {@code -an}
   */
  static Path cut(Path film, Path to, double seconds, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-i", film.toString(), "-t", Double.toString(seconds), "-c", "copy"));
    arguments.addAll(List.of(options));
    arguments.add(to.toString());
    return ClipMaker.make(arguments);
  }

  /**
   * The counting film three times over, 90 s: the video as it is, the audio coded again without a
   * seam.
   */
  static Path countingThrice(Path to) throws IOException, InterruptedException {
    String film = counting().toString();
    List<String> arguments = new ArrayList<>(List.of("-stream_loop", "2", "-i", film, "-i", film));
    arguments.addAll(List.of("-filter_complex", "[1:a]aloop=loop=2:size=1440000[sound]"));
    arguments.addAll(List.of("-map", "0:v", "-map", "[sound]", "-c:v", "copy", "-c:a", "aac"));
    arguments.add(to.toString());
    return ClipMaker.make(arguments);
  }

  /** The beginning of a fixture in a quarter of its size, for many streams at once. No B-frames. */
  static Path small(Path to, int seconds) throws IOException, InterruptedException {
    ClipMaker.make(
        "-i",
        noBframes().toString(),
        "-t",
        "" + seconds,
        "-vf",
        "scale=320:180",
        "-c:v",
        "libopenh264",
        "-b:v",
        "500k",
        "-g",
        "15",
        "-c:a",
        "copy",
        to.toString());
    return to;
  }

  /**
   * The flashes that a recording lacks. One that it begins within does not count: it shows no
   * change from dark to bright.
   */
  static List<Integer> flashesMissing(AvReport report, Recording recording) {
    Recording.Video video = Objects.requireNonNull(recording.video());
    return report.flashes().missing().stream()
        .filter(second -> Math.abs(video.firstNumber() - (30 * second + 16)) > 1)
        .toList();
  }
}
