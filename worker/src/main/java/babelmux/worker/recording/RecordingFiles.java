package babelmux.worker.recording;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.worker.captions.Cue;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one recording, open for writing: media, words and slots. What was written stays
 * readable if the process ends here. One thread; whoever made it closes it.
 */
final class RecordingFiles implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordingFiles.class);
  private static final int MAX_NUMBER = 10_000;

  private final Path folder;
  private final RecordingName name;
  private final RecordingInfo info;
  private final SlotsFile slots;
  private @Nullable WordsFile source;
  private @Nullable WordsFile target;
  private @Nullable Sink sink;
  private long headBytes;
  private boolean finished;

  private RecordingFiles(Path folder, RecordingName name, RecordingInfo info, SlotsFile slots) {
    this.folder = folder;
    this.name = name;
    this.info = info;
    this.slots = slots;
  }

  /**
   * Makes the files under a name that is free.
   *
   * @param directory of all recordings; the stream's own is made in it
   * @param formats stay the caller's
   * @param asked ends the opening and every later write
   * @throws IOException when a file cannot be made; nothing is left of it then
   */
  static RecordingFiles create(
      Path directory,
      RecordingInfo info,
      OutputFormats formats,
      SinkOptions options,
      Sink.Opening asked)
      throws IOException {
    Path folder = folder(directory, info.streamId());
    for (int number = 1; number <= MAX_NUMBER; number++) {
      RecordingName name = RecordingName.of(info.startedAt(), number);
      if (name.files().stream().anyMatch(file -> exists(folder.resolve(file)))) {
        continue;
      }
      SlotsFile slots;
      try {
        slots = SlotsFile.create(folder.resolve(name.slots()), name, info);
      } catch (FileAlreadyExistsException e) {
        log.debug("{} was made meanwhile", e.getMessage());
        continue;
      }
      RecordingFiles files = new RecordingFiles(folder, name, info, slots);
      boolean made = false;
      try {
        files.open(formats, options, asked);
        made = true;
        return files;
      } finally {
        if (!made) {
          files.close();
        }
      }
    }
    throw new IOException(
        "%s: no name of %s is free".formatted(folder, RecordingName.of(info.startedAt(), 1)));
  }

  private static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path folder(Path directory, String streamId) throws IOException {
    Path folder = directory.resolve(streamId);
    if (!exists(folder)) {
      try {
        Files.createDirectory(folder);
      } catch (FileAlreadyExistsException e) {
        log.debug("{} was made meanwhile", folder);
      }
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(folder + ": expected a directory, and no link to one");
    }
    return folder;
  }

  private void open(OutputFormats formats, SinkOptions options, Sink.Opening asked)
      throws IOException {
    source = WordsFile.create(folder.resolve(name.sourceWords()), info.zeroUs());
    target = WordsFile.create(folder.resolve(name.targetWords()), info.zeroUs());
    Path media = Files.createFile(folder.resolve(name.media()));
    sink = Sink.open(media.toString(), formats.video(), formats.audio(), options, asked);
    headBytes = sink.goodBytes();
  }

  /** The media file in the directory of recordings. */
  String shown() {
    return info.streamId() + "/" + name.media();
  }

  /** The media file. */
  Path media() {
    return folder.resolve(name.media());
  }

  /**
   * Writes a packet.
   *
   * @param packet stays the caller's
   * @return false when the muxer refused it
   */
  boolean write(OutputPacket packet) throws MediaException {
    Sink open = sink;
    if (open == null) {
      throw new IllegalStateException("closed");
    }
    return open.write(
        packet.packet(), packet.ptsUs() - info.zeroUs(), packet.dtsUs() - info.zeroUs());
  }

  /** Writes what the book says of the time up to here. */
  void describe(SlotBook book, long outputUs) throws IOException {
    for (SlotEntry entry : book.slotsBy(outputUs)) {
      slots.put(entry);
    }
    add(source, book.source(), outputUs);
    add(target, book.target(), outputUs);
  }

  private static void add(@Nullable WordsFile file, CueLine cues, long outputUs)
      throws IOException {
    if (file != null) {
      for (Cue cue : cues.by(outputUs)) {
        file.add(cue);
      }
    }
  }

  /** Writes the end of the media; all of it is on the disk then. To be followed by close. */
  void finish() throws IOException {
    Sink open = sink;
    if (open == null) {
      return;
    }
    open.finish();
    finished = true;
    try (FileChannel file = FileChannel.open(media(), StandardOpenOption.WRITE)) {
      file.force(false);
    }
  }

  /** Closes; the files of a recording without media are removed. */
  @Override
  public void close() {
    Sink open = sink;
    long good = 0;
    if (open != null) {
      good = open.goodBytes();
      open.close();
      sink = null;
    }
    closeQuietly(source);
    closeQuietly(target);
    closeQuietly(slots);
    try {
      if (good <= headBytes) {
        for (String file : name.files()) {
          Files.deleteIfExists(folder.resolve(file));
        }
      } else if (!finished) {
        cut(good);
      }
    } catch (IOException e) {
      log.debug("{} could not be tidied up: {}", name.media(), e.toString());
    }
  }

  /** A fragment that could not be written as a whole would be an error for whoever reads it. */
  private void cut(long bytes) throws IOException {
    try (FileChannel file = FileChannel.open(media(), StandardOpenOption.WRITE)) {
      if (file.size() > bytes) {
        file.truncate(bytes);
      }
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (Exception e) {
      log.debug("a file was not closed: {}", e.toString());
    }
  }
}
