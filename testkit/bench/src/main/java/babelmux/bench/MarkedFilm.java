package babelmux.bench;

import babelmux.demo.Distribution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The counting fixture without an end: its picture as it is, its sound decoded once, repeated to
 * the sample and encoded on the way in one go. (A file played in a loop makes a jump of half an AAC
 * frame each time.) Two files in a folder that {@link #close()} deletes.
 */
final class MarkedFilm implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  private final Path folder;
  private final Path picture;
  private final Path sound;

  private MarkedFilm(Path folder) {
    this.folder = folder;
    this.picture = folder.resolve("picture.mp4");
    this.sound = folder.resolve("sound.wav");
  }

  static MarkedFilm prepare() throws IOException, InterruptedException {
    FfmpegProgram.version();
    String fixture = Distribution.fixture("30s-counting-english.mp4").toString();
    MarkedFilm film = new MarkedFilm(Files.createTempDirectory("babelmux-film"));
    run(List.of("-i", fixture, "-an", "-c", "copy", film.picture.toString()));
    // A decoder may give the whole of the last frame, which reaches over the end.
    run(List.of("-i", fixture, "-vn", "-t", "30", film.sound.toString()));
    return film;
  }

  private static void run(List<String> arguments) throws IOException, InterruptedException {
    Process process =
        FfmpegProgram.ofTheArtifact().command(arguments).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("preparing the film: " + said.strip());
    }
  }

  /** Publishes it in real time, for so long. */
  MediaProgram publish(String rtmpUrl, int offsetSeconds, Duration length) throws IOException {
    return MediaProgram.endless(picture, sound, rtmpUrl, offsetSeconds, length);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(picture);
    Files.deleteIfExists(sound);
    Files.deleteIfExists(folder);
  }
}
