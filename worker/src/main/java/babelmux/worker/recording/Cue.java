package babelmux.worker.recording;

import java.util.List;

/**
 * A subtitle.
 *
 * @param startUs output time, microseconds
 * @param endUs output time, after the start
 * @param lines one or two
 */
record Cue(long startUs, long endUs, List<String> lines) {
  Cue {
    lines = List.copyOf(lines);
  }
}
