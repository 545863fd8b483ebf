package babelmux.worker.captions;

import java.util.List;

/**
 * A subtitle.
 *
 * @param startUs output time, microseconds
 * @param endUs output time, after the start
 * @param lines one or two
 */
public record Cue(long startUs, long endUs, List<String> lines) {
  public Cue {
    lines = List.copyOf(lines);
  }
}
