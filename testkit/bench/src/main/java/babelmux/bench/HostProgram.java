package babelmux.bench;

import java.io.PrintWriter;
import java.util.List;

/** The program that offers the benchmarks, as far as they need it. */
public interface HostProgram {
  /** The first words of a command line that runs this program once more. */
  List<String> command();

  /** Keeps everything but errors out of the log: the result is a table. */
  void logErrorsOnly();

  /** A line of progress for people, written over where that is possible. */
  Progress progress(PrintWriter out);

  /** Shows how far a benchmark has come. Not thread-safe. */
  interface Progress {
    void show(String line);

    /** Takes away what is shown. */
    void end();
  }
}
