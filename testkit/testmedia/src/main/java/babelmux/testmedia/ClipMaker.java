package babelmux.testmedia;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Makes media files, as the ffmpeg program would for the same command line: copies, cuts, loops,
 * filters, encodes.
 *
 * <p>Known are, before {@code -i}: {@code -f lavfi}, {@code -ss}, {@code -itsoffset}, {@code
 * -stream_loop}, {@code -re}, {@code -copyts} and the options of demuxers; for outputs: {@code
 * -map}, {@code -c}, {@code -an}, {@code -vn}, {@code -t}, {@code -af}, {@code -vf}, {@code -ac},
 * {@code -ar}, {@code -sample_fmt}, {@code -q}, {@code -bsf}, {@code -f} and the options of
 * encoders and muxers; and {@code -filter_complex}. An option that nothing takes is an error.
 */
public final class ClipMaker {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private ClipMaker() {}

  /** Makes a file; an existing one is replaced. Blocks, at most two minutes. */
  public static void make(String... arguments) throws IOException, InterruptedException {
    make(List.of(arguments));
  }

  /**
   * Makes a file; an existing one is replaced. Blocks, at most two minutes.
   *
   * @return the last argument
   * @throws IOException when it fails, with FFmpeg's reason
   */
  public static Path make(List<String> arguments) throws IOException, InterruptedException {
    try (MediaTask task = MediaTask.start("clip-maker", new Transfer(Arguments.parse(arguments)))) {
      if (!task.await(LIMIT)) {
        throw new IOException("not made within " + LIMIT.toSeconds() + " s: " + arguments);
      }
      if (!task.said().isEmpty()) {
        throw new IOException(String.join(" ", arguments) + ": " + task.said());
      }
    }
    return Path.of(arguments.get(arguments.size() - 1));
  }
}
