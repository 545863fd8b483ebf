package babelmux.worker.recording;

import babelmux.hooks.PathPattern;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes recordings that are older than they are to be kept. It touches nothing but files of this
 * program: regular ones, with a name that it gives, of a recording whose description says that it
 * is one, in a directory named as a stream id directly in the directory of recordings. It follows
 * no link, not even one that is put in a file's place meanwhile.
 */
final class OldRecordings {
  private static final Logger log = LoggerFactory.getLogger(OldRecordings.class);

  private final Path directory;
  private final Duration keep;

  /**
   * @param directory of all recordings
   * @param keep how long ago a recording may have been written to
   */
  OldRecordings(Path directory, Duration keep) {
    this.directory = directory;
    this.keep = keep;
  }

  /** Returns whether a file of this age goes. */
  static boolean isOver(Instant lastWritten, Instant now, Duration keep) {
    return lastWritten.plus(keep).isBefore(now);
  }

  /**
   * Looks at everything once; blocks.
   *
   * @return the recordings that were deleted, as {@code id/start}
   * @throws IOException when the directory cannot be read
   */
  List<String> delete(Instant now) throws IOException {
    List<String> deleted = new ArrayList<>();
    try (DirectoryStream<Path> root = Files.newDirectoryStream(directory)) {
      if (!(root instanceof SecureDirectoryStream<Path> secure)) {
        log.warn(
            "{}: nothing is deleted: this system cannot delete without following links", directory);
        return deleted;
      }
      for (Path entry : secure) {
        Path id = entry.getFileName();
        if (id != null && PathPattern.isStreamId(id.toString())) {
          deleteIn(secure, id, now, deleted);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return deleted;
  }

  private void deleteIn(
      SecureDirectoryStream<Path> root, Path id, Instant now, List<String> deleted) {
    try (SecureDirectoryStream<Path> folder =
        root.newDirectoryStream(id, LinkOption.NOFOLLOW_LINKS)) {
      Set<RecordingName> names = new HashSet<>();
      for (Path file : folder) {
        Path name = file.getFileName();
        if (name != null) {
          RecordingName.ofFile(name.toString()).ifPresent(names::add);
        }
      }
      for (RecordingName name : names) {
        if (isOurs(folder, name) && isOver(folder, name, now)) {
          delete(folder, name);
          deleted.add(id + "/" + name.stem());
        }
      }
    } catch (NotDirectoryException e) {
      log.debug("{} is no directory", id);
    } catch (IOException | DirectoryIteratorException e) {
      // A link to a directory, or one that cannot be read.
      log.debug("recordings of {} are not looked at: {}", id, e.toString());
    }
  }

  /** Returns whether its description says that it is a recording of this program. */
  private static boolean isOurs(SecureDirectoryStream<Path> folder, RecordingName name)
      throws IOException {
    Path slots = Path.of(name.slots());
    if (!attributes(folder, name.slots()).map(BasicFileAttributes::isRegularFile).orElse(false)) {
      return false;
    }
    Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (InputStream in = Channels.newInputStream(folder.newByteChannel(slots, options));
        JsonParser json = new JsonFactory().createParser(in)) {
      return json.nextToken() == JsonToken.START_OBJECT
          && "format".equals(json.nextFieldName())
          && SlotsFile.FORMAT.equals(json.nextTextValue());
    }
  }

  private static Optional<BasicFileAttributes> attributes(
      SecureDirectoryStream<Path> folder, String file) throws IOException {
    try {
      return Optional.of(
          folder
              .getFileAttributeView(
                  Path.of(file), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** By the file that was written last, so that a recording goes as a whole. */
  private boolean isOver(SecureDirectoryStream<Path> folder, RecordingName name, Instant now)
      throws IOException {
    for (String file : name.files()) {
      Optional<BasicFileAttributes> known = attributes(folder, file);
      if (known.isPresent()
          && (!known.get().isRegularFile()
              || !isOver(known.get().lastModifiedTime().toInstant(), now, keep))) {
        return false;
      }
    }
    return true;
  }

  private static void delete(SecureDirectoryStream<Path> folder, RecordingName name)
      throws IOException {
    for (String file : name.files()) {
      try {
        folder.deleteFile(Path.of(file));
      } catch (NoSuchFileException e) {
        log.debug("{} is gone already", file);
      }
    }
  }
}
