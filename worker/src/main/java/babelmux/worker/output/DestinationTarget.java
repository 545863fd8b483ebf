package babelmux.worker.output;

import babelmux.media.Secrets;
import babelmux.media.Sink;
import babelmux.media.SinkAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a destination sends to.
 *
 * @param url tells the container; secret
 * @param opener connects to it
 */
public record DestinationTarget(String url, SinkOpener opener) {

  /** A server, connected as its URL says, or a file; messages show the whole path of it. */
  public static DestinationTarget at(String url) {
    return at(
        url,
        (formats, options, asked) ->
            Sink.open(url, formats.video(), formats.audio(), options, asked));
  }

  /** As {@link #at}, of a server whose URL holds a stream key, which no message shows. */
  public static DestinationTarget withKey(String url) {
    return at(
        url,
        (formats, options, asked) ->
            Sink.open(
                SinkAddress.publishing(url, url, Map.of()),
                formats.video(),
                formats.audio(),
                options,
                asked));
  }

  private static DestinationTarget at(String url, SinkOpener server) {
    Path file = NewFile.pathOf(url);
    return new DestinationTarget(url, file == null ? server : new FileOpener(file));
  }

  /** The file that it is; null for a server. */
  public @Nullable Path file() {
    return NewFile.pathOf(url);
  }

  /** Returns whether it is a file, not a server. */
  public boolean isFile() {
    return file() != null;
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return Secrets.maskKey(url);
  }
}
