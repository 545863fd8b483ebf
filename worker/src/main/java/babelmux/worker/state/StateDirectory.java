package babelmux.worker.state;

import babelmux.hooks.InvalidBody;
import babelmux.hooks.JsonBody;
import babelmux.hooks.PathPattern;
import babelmux.worker.config.DestinationName;
import babelmux.worker.destinations.DestinationUrl;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory with a file for each posted stream, one for each destination that the API has added
 * to a stream, and one that says that the worker is drained. A file is replaced as a whole, is on
 * the disk when a method returns, and can be read by its owner alone: URLs hold credentials. One
 * process at a time. Methods block; whoever opens it closes it.
 */
public final class StateDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateDirectory.class);

  private static final String LOCK = ".lock";
  private static final String TEMPORARY = ".tmp";
  private static final String STREAM = "stream-";
  // A dot stands in no id and in no name.
  private static final String DESTINATION = "destination-";
  private static final String JSON = ".json";
  private static final String DRAIN = "drain" + JSON;
  private static final String FORMAT = "format";
  private static final String STREAM_FORMAT = "babelmux-stream-1";
  private static final String DESTINATION_FORMAT = "babelmux-destination-1";
  private static final String DRAIN_FORMAT = "babelmux-drain-1";
  private static final String ID = "streamId";
  private static final String SOURCE = "sourceUrl";
  private static final String NAME = "name";
  private static final String URL = "url";
  private static final long MAX_BYTES = 16 << 10;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final FileChannel lock;
  // What the log says of files already.
  private final Set<String> told = new HashSet<>();

  private StateDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Opens a directory that is there.
   *
   * @throws IOException if files of the owner alone cannot be written there, or another process
   *     uses it; the message says which
   */
  public static StateDirectory open(Path directory) throws IOException {
    FileChannel lock;
    try {
      lock =
          FileChannel.open(
              directory.resolve(LOCK),
              Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OWNER_ONLY);
    } catch (UnsupportedOperationException e) {
      throw new IOException("files there cannot be kept from other users", e);
    } catch (IOException e) {
      throw new IOException("cannot write there: " + e.getClass().getSimpleName(), e);
    }
    boolean locked = false;
    try {
      locked = lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      log.debug("locked by this process", e);
    } finally {
      if (!locked) {
        lock.close();
      }
    }
    if (!locked) {
      throw new IOException("another worker uses it");
    }
    return new StateDirectory(directory, lock);
  }

  /**
   * Reads everything. What is not ours, or cannot be read, is named in the log once and left alone.
   *
   * @throws IOException if the directory itself cannot be read; the message says why
   */
  public synchronized SavedState read() throws IOException {
    List<SavedStream> streams = new ArrayList<>();
    List<SavedDestination> destinations = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    boolean drained = false;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.equals(LOCK)) {
          continue;
        }
        try {
          if (name.startsWith(".") && name.endsWith(TEMPORARY)) {
            // Of a process that was killed while it wrote.
            Files.delete(file);
          } else if (name.equals(DRAIN)) {
            requireFormat(parse(file), DRAIN_FORMAT, Set.of(FORMAT));
            drained = true;
          } else if (name.startsWith(DESTINATION)) {
            destinations.add(destination(name, file));
          } else {
            streams.add(stream(name, file));
          }
        } catch (IOException | InvalidBody | InvalidSource | HostNotAllowed e) {
          String sentence = "state file %s skipped: %s".formatted(file, e.getMessage());
          if (told.add(sentence)) {
            log.warn("{}", sentence);
          }
          if (isOurs(name)) {
            skipped.add(sentence);
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    streams.sort(Comparator.comparing(SavedStream::streamId));
    skipped.sort(Comparator.naturalOrder());
    destinations.sort(
        Comparator.comparing(SavedDestination::streamId).thenComparing(SavedDestination::name));
    return new SavedState(streams, destinations, drained, skipped);
  }

  private static boolean isOurs(String name) {
    boolean known = name.startsWith(STREAM) || name.startsWith(DESTINATION);
    return name.equals(DRAIN) || (known && name.endsWith(JSON));
  }

  private static SavedStream stream(String name, Path file) throws IOException, InvalidSource {
    if (!isOurs(name)) {
      throw new IOException("not a file of babelmux");
    }
    JsonBody json = parse(file);
    requireFormat(json, STREAM_FORMAT, Set.of(FORMAT, ID, SOURCE));
    String id = json.requireText(ID);
    if (!PathPattern.isStreamId(id) || !name.equals(nameOf(id))) {
      throw new IOException("its stream id is not the one in its name");
    }
    return new SavedStream(id, SourceUrl.parse(json.requireText(SOURCE)));
  }

  private static SavedDestination destination(String fileName, Path file)
      throws IOException, InvalidSource, HostNotAllowed {
    JsonBody json = parse(file);
    requireFormat(json, DESTINATION_FORMAT, Set.of(FORMAT, ID, NAME, URL));
    String id = json.requireText(ID);
    String name = json.requireText(NAME);
    boolean good = PathPattern.isStreamId(id) && DestinationName.isGood(name);
    if (!good || !fileName.equals(nameOf(id, name))) {
      throw new IOException("its stream id and name are not those in its name");
    }
    return new SavedDestination(id, name, DestinationUrl.parse(json.requireText(URL)));
  }

  private static JsonBody parse(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
      throw new IOException("not a file of at most " + MAX_BYTES + " bytes");
    }
    try {
      return JsonBody.parse(Files.readAllBytes(file), "expected one JSON object");
    } catch (IOException e) {
      throw new IOException("cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static void requireFormat(JsonBody json, String format, Set<String> fields)
      throws IOException {
    json.requireOnly(fields);
    if (!json.requireText(FORMAT).equals(format)) {
      throw new IOException("expected format " + format);
    }
  }

  /** Keeps a stream. */
  public synchronized void save(SavedStream stream) throws IOException {
    write(
        nameOf(stream.streamId()),
        JsonNodeFactory.instance
            .objectNode()
            .put(FORMAT, STREAM_FORMAT)
            .put(ID, stream.streamId())
            .put(SOURCE, stream.source().reveal()));
  }

  /**
   * Forgets a stream; one that is not kept is no error.
   *
   * @return whether there was a file of it, readable or not
   */
  public synchronized boolean remove(String streamId) throws IOException {
    return delete(nameOf(streamId));
  }

  private boolean delete(String name) throws IOException {
    boolean there = Files.deleteIfExists(directory.resolve(name));
    if (there) {
      sync();
    }
    return there;
  }

  /** Keeps a destination. */
  public synchronized void save(SavedDestination destination) throws IOException {
    write(
        nameOf(destination.streamId(), destination.name()),
        JsonNodeFactory.instance
            .objectNode()
            .put(FORMAT, DESTINATION_FORMAT)
            .put(ID, destination.streamId())
            .put(NAME, destination.name())
            .put(URL, destination.url().server().reveal()));
  }

  /**
   * Forgets a destination; one that is not kept is no error.
   *
   * @return whether there was a file of it, readable or not
   */
  public synchronized boolean remove(String streamId, String name) throws IOException {
    return delete(nameOf(streamId, name));
  }

  /** Keeps, or forgets, that the worker is drained. */
  public synchronized void drained(boolean drained) throws IOException {
    if (drained) {
      write(DRAIN, JsonNodeFactory.instance.objectNode().put(FORMAT, DRAIN_FORMAT));
    } else if (Files.deleteIfExists(directory.resolve(DRAIN))) {
      sync();
    }
  }

  private static String nameOf(String streamId) {
    return STREAM + streamId + JSON;
  }

  private static String nameOf(String streamId, String name) {
    return DESTINATION + streamId + "." + name + JSON;
  }

  private void write(String name, ObjectNode json) throws IOException {
    Path temporary = directory.resolve("." + name + TEMPORARY);
    Files.deleteIfExists(temporary);
    try {
      try (FileChannel file =
          FileChannel.open(
              temporary,
              Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              OWNER_ONLY)) {
        ByteBuffer bytes = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      // There when something failed.
      Files.deleteIfExists(temporary);
    }
    sync();
  }

  /** What was renamed or deleted is so after a loss of power, too. */
  private void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The directory, for messages. */
  @Override
  public String toString() {
    return directory.toString();
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      log.debug("the lock of {} was not closed", directory, e);
    }
  }
}
