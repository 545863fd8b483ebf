package babelmux.worker.output;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;

/** Opens what a destination's packets are written to. Called on the destination's thread. */
@FunctionalInterface
public interface SinkOpener {
  /**
   * @param formats stay the caller's
   * @param asked ends the opening from another thread; closed by the caller, behind the sink
   */
  Sink open(OutputFormats formats, SinkOptions options, Sink.Opening asked)
      throws MediaException, InterruptedException;
}
