package babelmux.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A publisher or a viewer: the ffmpeg program as a process of its own. Whoever starts it closes it.
 */
final class MediaProgram implements AutoCloseable {
  private final Process process;
  private final Path said;

  private MediaProgram(Process process, Path said) {
    this.process = process;
    this.said = said;
  }

  /**
   * Sends a picture as it is and a sound that it encodes, both in real time and again and again
   * until the limit.
   *
   * @param picture a file of pictures only
   * @param sound a file of samples, such as WAV, as long as the picture
   */
  static MediaProgram endless(
      Path picture, Path sound, String rtmpUrl, int offsetSeconds, Duration limit)
      throws IOException {
    return start(
        FfmpegProgram.ofTheArtifact()
            .command(
                List.of(
                    "-re",
                    // By itself it sends the first half second at once: all later times would be
                    // early.
                    "-readrate_initial_burst",
                    "0.001",
                    "-stream_loop",
                    "-1",
                    "-i",
                    picture.toString(),
                    "-re",
                    "-readrate_initial_burst",
                    "0.001",
                    "-stream_loop",
                    "-1",
                    "-i",
                    sound.toString(),
                    "-map",
                    "0:v",
                    "-map",
                    "1:a",
                    "-c:v",
                    "copy",
                    "-c:a",
                    "aac",
                    "-b:a",
                    "160k",
                    "-t",
                    Long.toString(limit.toSeconds()),
                    "-output_ts_offset",
                    Integer.toString(offsetSeconds),
                    "-flvflags",
                    "no_duration_filesize",
                    "-f",
                    "flv",
                    rtmpUrl)));
  }

  /**
   * Reads a stream and publishes it again, the video as it is, the audio decoded and encoded at 128
   * kbit/s with the program's own coder: the least that a program that changes the audio must do.
   *
   * @param program which ffmpeg does it
   */
  static MediaProgram copyWithNewAudio(FfmpegProgram program, String fromUrl, String toUrl)
      throws IOException {
    List<String> arguments =
        List.of("-i", fromUrl, "-c:v", "copy", "-c:a", "aac", "-b:a", "128k", "-f", "flv", toUrl);
    return start(program.command(arguments));
  }

  /** Reads a stream and publishes it at several places, as it is. */
  static MediaProgram copy(FfmpegProgram program, String fromUrl, List<String> toUrls)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-i", fromUrl));
    for (String url : toUrls) {
      arguments.addAll(List.of("-c", "copy", "-f", "flv", url));
    }
    return start(program.command(arguments));
  }

  /** Any other program that publishes until it is closed. */
  static MediaProgram start(List<String> command) throws IOException {
    return start(new ProcessBuilder(command));
  }

  private static MediaProgram start(ProcessBuilder program) throws IOException {
    Path said = Files.createTempFile("babelmux-ffmpeg", ".log");
    Process process = program.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    return new MediaProgram(process, said);
  }

  /** Its process number. */
  long pid() {
    return process.pid();
  }

  /** True while it still runs. */
  boolean isRunning() {
    return process.isAlive();
  }

  /**
   * Waits for its end.
   *
   * @return whether it ended by itself within the limit
   */
  boolean await(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Complaints of the program; empty when nothing was wrong. */
  String said() {
    try {
      return Files.readString(said, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Kills it at once, as kill -9 does. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(said);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // A file in the temporary folder stays.
    }
  }
}
