package babelmux.app.relay;

import babelmux.media.Secrets;
import babelmux.worker.session.SourceLocator;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a relay reads.
 *
 * @param text path or URL; secret
 * @param server null for a file
 */
public record RelayInput(String text, @Nullable SourceUrl server) {

  /**
   * Reads a path or URL, or {@code @FILE} with one in it.
   *
   * @throws IllegalArgumentException if it is none, or no file is there; shows no secret
   */
  public static RelayInput parse(String given) {
    String text = GivenText.read("IN", given);
    if (text.contains("://")) {
      try {
        return new RelayInput(text, SourceUrl.parse(text));
      } catch (InvalidSource e) {
        throw new IllegalArgumentException("IN: " + e.getMessage() + ", or a file", e);
      }
    }
    if (!Files.isReadable(Path.of(text)) || Files.isDirectory(Path.of(text))) {
      throw new IllegalArgumentException(
          "IN: %s: expected a file that can be read, or a URL".formatted(text));
    }
    return new RelayInput(text, null);
  }

  public boolean isFile() {
    return server == null;
  }

  /** Where it is found. */
  public SourceLocator locator() {
    return SourceLocator.at(text);
  }

  /** Returns whether a destination would be read again. */
  public boolean isSameAs(RelayTarget target) {
    return server != null && server.isSameResource(target.url());
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return Secrets.maskUrl(text);
  }
}
