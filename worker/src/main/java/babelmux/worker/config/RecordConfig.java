package babelmux.worker.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of recordings of the output.
 *
 * @param directory where they go; null records nothing
 * @param maxDuration after which a file is followed by another one; null for never
 * @param keep how long they are kept; null: nothing is deleted
 */
public record RecordConfig(
    @Nullable Path directory, @Nullable Duration maxDuration, @Nullable Duration keep) {

  static final Setting<Path> TO =
      Setting.optional(
          "record.to",
          Parser.of(
              "a directory that is there and can be written",
              text -> {
                Path path = Path.of(text);
                Parsers.require(Files.isDirectory(path) && Files.isWritable(path));
                return path;
              }),
          "nothing is recorded",
          "Directory in which every stream's output is recorded: {id}/{start}.mp4, its words as .source.vtt"
              + " and .target.vtt, and what each slot is as .json.");

  static final Setting<Duration> MAX_DURATION =
      Setting.optional(
          "record.max-duration",
          Parsers.duration(Duration.ofSeconds(10), Duration.ofDays(30)),
          "a file is as long as its stream",
          "After so long a recording goes on in a new file, at the next keyframe; no packet is lost.");

  static final Setting<Duration> KEEP =
      Setting.optional(
          "record.keep",
          Parsers.duration(Duration.ofHours(1), Duration.ofDays(3650)),
          "recordings are never deleted",
          "Recordings that were last written to longer ago are deleted, with the files beside them. Only"
              + " files that this program made.");

  static final List<Setting<?>> SETTINGS = List.of(TO, MAX_DURATION, KEEP);

  static RecordConfig from(Values values) {
    return new RecordConfig(
        values.find(TO).orElse(null),
        values.find(MAX_DURATION).orElse(null),
        values.find(KEEP).orElse(null));
  }
}
