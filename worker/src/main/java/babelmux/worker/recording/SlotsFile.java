package babelmux.worker.recording;

import babelmux.worker.timeline.SampleRate;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The JSON file that says what each slot of a recording is. It is one whole document after each
 * method, whatever happens to the process: each writes once, over the document's end. One thread.
 */
final class SlotsFile implements AutoCloseable {
  /** The value of {@code format}, by which a recording is known as this program's. */
  static final String FORMAT = "babelmux-recording-1";

  private static final String END = "\n]}\n";

  private final FileChannel file;
  private final long zeroUs;
  private final SampleRate rate;
  private long firstAt;
  private long lastNumber = -1;
  private long lastAt;
  private long endAt;
  private long size;

  private SlotsFile(FileChannel file, RecordingInfo info) {
    this.file = file;
    this.zeroUs = info.zeroUs();
    Integer hz = info.sampleRateHz();
    this.rate = new SampleRate(hz == null ? 1000 : hz);
  }

  /**
   * Begins a file that does not exist yet.
   *
   * @throws java.nio.file.FileAlreadyExistsException when it does
   */
  static SlotsFile create(Path path, RecordingName name, RecordingInfo info) throws IOException {
    FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    SlotsFile slots = new SlotsFile(file, info);
    boolean begun = false;
    try {
      slots.begin(name, info);
      begun = true;
      return slots;
    } finally {
      if (!begun) {
        slots.close();
      }
    }
  }

  private void begin(RecordingName name, RecordingInfo info) throws IOException {
    ObjectNode head =
        JsonNodeFactory.instance
            .objectNode()
            .put("format", FORMAT)
            .put("streamId", info.streamId())
            .put("media", name.media())
            .put("sourceWords", name.sourceWords())
            .put("targetWords", name.targetWords())
            .put("sourceLanguage", info.sourceLanguage())
            .put("targetLanguage", info.targetLanguage())
            .put("startedAt", info.startedAt().toString())
            .put("sampleRateHz", info.sampleRateHz());
    String text = head.toString();
    String begin = text.substring(0, text.length() - 1) + ",\n\"slots\": [";
    firstAt = begin.getBytes(StandardCharsets.UTF_8).length;
    endAt = firstAt;
    write(begin, 0);
  }

  /** Adds a slot; one with the number of the last one takes its place. */
  void put(SlotEntry entry) throws IOException {
    boolean again = entry.number() == lastNumber;
    if (!again) {
      lastAt = endAt;
    }
    lastNumber = entry.number();
    String text = (lastAt == firstAt ? "\n" : ",\n") + json(entry);
    endAt = lastAt + text.getBytes(StandardCharsets.UTF_8).length;
    write(text, lastAt);
  }

  private ObjectNode json(SlotEntry entry) {
    long fromUs = entry.startUs() - zeroUs;
    long toUs = entry.endUs() - zeroUs;
    return JsonNodeFactory.instance
        .objectNode()
        .put("number", entry.number())
        .put("fragmentId", entry.fragmentId())
        .put("startSample", rate.samplesAt(fromUs))
        .put("endSample", rate.samplesAt(toUs))
        .put("startSeconds", fromUs / 1e6)
        .put("endSeconds", toUs / 1e6)
        .put("sound", entry.dub() ? "dub" : "original")
        .put("reason", entry.reason())
        .put("detail", entry.detail())
        .put("transcript", entry.transcript())
        .put("translation", entry.translation())
        .put("aired", entry.aired());
  }

  /** Once, with the document's end; what a longer one left behind it becomes white space. */
  private void write(String text, long at) throws IOException {
    String whole = text + END;
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    int rest = (int) Math.max(0, size - at - bytes.length);
    ByteBuffer all = ByteBuffer.wrap((whole + " ".repeat(rest)).getBytes(StandardCharsets.UTF_8));
    size = at + all.remaining();
    long next = at;
    while (all.hasRemaining()) {
      next += file.write(all, next);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
