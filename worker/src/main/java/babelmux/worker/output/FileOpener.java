package babelmux.worker.output;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Opens a new file each time.
 *
 * @param wanted its path, when that is free
 */
record FileOpener(Path wanted) implements SinkOpener {
  @Override
  public Sink open(OutputFormats formats, SinkOptions options, Sink.Opening asked)
      throws MediaException {
    try {
      Path created = NewFile.create(wanted);
      try {
        return Sink.open(created.toString(), formats.video(), formats.audio(), options, asked);
      } catch (MediaException e) {
        NewFile.removeEmpty(created);
        throw e;
      }
    } catch (MediaException e) {
      throw e;
    } catch (IOException e) {
      throw new MediaException(MediaException.Kind.IO, "cannot make a file: " + e);
    }
  }
}
