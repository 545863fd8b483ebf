package babelmux.testmedia;

import java.io.IOException;

/** A track of an output. One thread. */
interface OutputTrack extends AutoCloseable {
  /** Writes what there is to write by now. */
  void advance() throws IOException;

  /** True when its limit or its end has come. */
  boolean isDone();

  @Override
  void close();
}
