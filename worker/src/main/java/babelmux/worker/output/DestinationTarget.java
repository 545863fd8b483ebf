package babelmux.worker.output;

import babelmux.media.Secrets;
import babelmux.media.Sink;
import java.nio.file.Path;

/**
 * Where a destination sends to.
 *
 * @param url tells the container; secret
 * @param opener connects to it
 */
public record DestinationTarget(String url, SinkOpener opener) {

  /** A server, connected as its URL says, or a file. */
  public static DestinationTarget at(String url) {
    Path file = NewFile.pathOf(url);
    return new DestinationTarget(
        url,
        file != null
            ? new FileOpener(file)
            : (formats, options, asked) ->
                Sink.open(url, formats.video(), formats.audio(), options, asked));
  }

  /** Returns whether it is a file, not a server. */
  boolean isFile() {
    return NewFile.pathOf(url) != null;
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return Secrets.maskKey(url);
  }
}
