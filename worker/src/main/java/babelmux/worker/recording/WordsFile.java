package babelmux.worker.recording;

import babelmux.worker.captions.Cue;
import babelmux.worker.captions.WebVtt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A WebVTT file that grows by whole cues, each written at once. One thread. */
final class WordsFile implements AutoCloseable {
  private final FileChannel file;
  private final long zeroUs;
  private long lastStartMs = -1;

  private WordsFile(FileChannel file, long zeroUs) {
    this.file = file;
    this.zeroUs = zeroUs;
  }

  /**
   * Begins a file that does not exist yet.
   *
   * @param zeroUs the output time at which it begins
   * @throws java.nio.file.FileAlreadyExistsException when it does
   */
  static WordsFile create(Path path, long zeroUs) throws IOException {
    FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    WordsFile words = new WordsFile(file, zeroUs);
    boolean begun = false;
    try {
      words.write(WebVtt.HEADER);
      begun = true;
      return words;
    } finally {
      if (!begun) {
        words.close();
      }
    }
  }

  /** Appends a cue; one that does not begin after the one before is left out. */
  void add(Cue cue) throws IOException {
    long startMs = Math.max(0, cue.startUs() - zeroUs) / 1000;
    if (startMs > lastStartMs) {
      lastStartMs = startMs;
      write(WebVtt.of(cue, zeroUs));
    }
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
