package babelmux.e2e;

import babelmux.meter.AvReport;
import babelmux.meter.FfmpegProgram;
import babelmux.meter.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What is published: the fixtures and cuts of them, made with the artifact's ffmpeg. */
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
    run(arguments.toArray(String[]::new));
    return to;
  }

  /**
   * The counting film three times over, 90 s: the pictures as they are, the sound coded anew
   * without a seam.
   */
  static Path countingThrice(Path to) throws IOException, InterruptedException {
    String film = counting().toString();
    List<String> arguments = new ArrayList<>(List.of("-stream_loop", "2", "-i", film, "-i", film));
    arguments.addAll(List.of("-filter_complex", "[1:a]aloop=loop=2:size=1440000[sound]"));
    arguments.addAll(List.of("-map", "0:v", "-map", "[sound]", "-c:v", "copy", "-c:a", "aac"));
    arguments.add(to.toString());
    run(arguments.toArray(String[]::new));
    return to;
  }

  /** Runs ffmpeg to its end. */
  static void run(String... arguments) throws IOException, InterruptedException {
    Path said = Files.createTempFile("babelmux-ffmpeg", ".log");
    Process process =
        FfmpegProgram.command(List.of(arguments))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(90, TimeUnit.SECONDS);
    process.destroyForcibly();
    String words = Files.readString(said, StandardCharsets.UTF_8);
    Files.delete(said);
    if (!ended || process.exitValue() != 0) {
      throw new IOException("ffmpeg " + String.join(" ", arguments) + ": " + words);
    }
  }

  /** The beginning of a fixture in a quarter of its size, for many streams at once. No B-frames. */
  static Path small(Path to, int seconds) throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
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
    Process process = FfmpegProgram.command(arguments).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("ffmpeg: " + said);
    }
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
