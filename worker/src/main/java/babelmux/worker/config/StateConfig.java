package babelmux.worker.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of what survives a restart.
 *
 * @param directory where it is kept; null keeps nothing
 */
public record StateConfig(@Nullable Path directory) {

  static final Setting<Path> DIRECTORY =
      Setting.optional(
          "state-dir",
          Parser.of(
              "a directory that is there and can be written",
              text -> {
                Path path = Path.of(text);
                Parsers.require(Files.isDirectory(path) && Files.isWritable(path));
                return path;
              }),
          "nothing is kept",
          "Directory in which streams of POST /v1/streams, destinations that the API has added, and a"
              + " drain of POST /v1/drain are kept, so that they survive a restart. One worker's own; its files can be read by their owner alone.");

  static final List<Setting<?>> SETTINGS = List.of(DIRECTORY);

  static StateConfig from(Values values) {
    return new StateConfig(values.find(DIRECTORY).orElse(null));
  }
}
