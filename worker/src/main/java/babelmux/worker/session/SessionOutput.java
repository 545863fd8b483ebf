package babelmux.worker.session;

import babelmux.worker.output.OutputBranch;
import java.util.List;

/**
 * The source's video with one dub's audio, and where it goes.
 *
 * @param dub the name of the dub that it carries
 * @param branches destinations, and what else takes the output; the session's from now on; none
 *     waits for another
 */
public record SessionOutput(String dub, List<OutputBranch> branches) {
  public SessionOutput {
    branches = List.copyOf(branches);
  }
}
