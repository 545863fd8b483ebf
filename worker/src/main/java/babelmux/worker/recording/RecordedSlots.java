package babelmux.worker.recording;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SegmentGrid.Segment;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The description of a recording, read from its JSON file. Immutable. */
public final class RecordedSlots {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SLOTS = "slots";
  private static final long MAX_BYTES = 256L << 20;

  private final Path file;
  private final RecordingName name;
  private final ObjectNode document;

  private RecordedSlots(Path file, RecordingName name, ObjectNode document) {
    this.file = file;
    this.name = name;
    this.document = document;
  }

  /**
   * Reads a description.
   *
   * @throws IOException when it is none, or its media is not beside it; the message says what was
   *     expected
   */
  public static RecordedSlots read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw new IOException("expected the .json of a recording");
    }
    Optional<RecordingName> name = RecordingName.ofFile(String.valueOf(file.getFileName()));
    if (name.isEmpty() || !file.toString().endsWith(".json")) {
      throw new IOException("expected a name such as 20261122T075001Z.json");
    }
    JsonNode json;
    try {
      json = JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new IOException("expected the .json of a recording: " + e.getOriginalMessage(), e);
    }
    if (!(json instanceof ObjectNode document)
        || !json.path("format").asText().equals(SlotsFile.FORMAT)
        || !json.path(SLOTS).isArray()) {
      throw new IOException("expected a description with format " + SlotsFile.FORMAT);
    }
    RecordedSlots slots = new RecordedSlots(file, name.get(), document);
    if (!Files.isRegularFile(slots.media())) {
      throw new IOException("expected its media beside it: " + slots.media());
    }
    if (slots.sampleRateHz() <= 0) {
      throw new IOException("expected a recording with audio");
    }
    return slots;
  }

  /** The recording, beside the description. */
  public Path media() {
    return file.resolveSibling(name.media());
  }

  /** A free name for what is made of it, beside it. */
  public Path redone() {
    return file.resolveSibling(name.stem() + ".redone.mp4");
  }

  Path sourceWords() {
    return file.resolveSibling(name.sourceWords());
  }

  Path targetWords() {
    return file.resolveSibling(name.targetWords());
  }

  public String sourceLanguage() {
    return document.path("sourceLanguage").asText();
  }

  public String targetLanguage() {
    return document.path("targetLanguage").asText();
  }

  /** Samples a second of its audio. */
  public int sampleRateHz() {
    return document.path("sampleRateHz").asInt();
  }

  /**
   * The slots that fell back to the original, in the file's time: not those that an operator kept
   * off air.
   */
  public List<Segment> fallbacks() {
    List<String> reasons = Arrays.stream(FallbackReason.values()).map(FallbackReason::tag).toList();
    List<Segment> segments = new ArrayList<>();
    for (JsonNode slot : document.path(SLOTS)) {
      long from = Math.max(0, slot.path("startSample").asLong());
      long to = slot.path("endSample").asLong();
      boolean fellBack =
          slot.path("sound").asText().equals("original")
              && reasons.contains(slot.path("reason").asText());
      boolean isLong = to - from >= sampleRateHz() && to - from <= 60L * sampleRateHz();
      boolean isAfter = segments.isEmpty() || segments.get(segments.size() - 1).endSample() <= from;
      if (fellBack && isLong && isAfter) {
        segments.add(new Segment(slot.path("number").asLong(), from, (int) (to - from)));
      }
    }
    return segments;
  }

  /** A copy of the document, to be changed. */
  ObjectNode document() {
    return document.deepCopy();
  }

  /** Returns whether nothing has this name. */
  static boolean isFree(Path path) {
    return !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
