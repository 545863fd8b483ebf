package babelmux.worker.recording;

import babelmux.worker.captions.Cue;
import babelmux.worker.captions.CueText;
import babelmux.worker.captions.CueTimes;
import babelmux.worker.captions.WebVtt;
import babelmux.worker.session.DubListener;
import babelmux.worker.session.SlotWords;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what stands beside a recording whose fallbacks were dubbed afterwards: the words and slots
 * that it had, and those of the new dubs. Is told of the dubs on any thread.
 */
public final class RedoneSlots implements DubListener {
  private final RecordedSlots before;
  private final Path media;
  private final Map<Long, Segment> wanted = new TreeMap<>();
  private final Set<Long> dubbed = new HashSet<>();
  private final Map<Long, String> fragmentIds = new HashMap<>();
  private final Map<Long, SlotWords> words = new TreeMap<>();

  /**
   * @param before what is redone
   * @param media the new recording; ends in {@code .mp4}
   */
  public RedoneSlots(RecordedSlots before, Path media) {
    this.before = before;
    this.media = media;
    before.fallbacks().forEach(segment -> wanted.put(segment.index(), segment));
  }

  /** The files that will be written, the media first. */
  public List<Path> files() {
    return List.of(media, beside(".source.vtt"), beside(".target.vtt"), beside(".json"));
  }

  private Path beside(String ending) {
    String name = String.valueOf(media.getFileName());
    String stem = name.endsWith(".mp4") ? name.substring(0, name.length() - ".mp4".length()) : name;
    return media.resolveSibling(stem + ending);
  }

  /** Returns whether none of the files is there. */
  public boolean isFree() {
    return files().stream().allMatch(RecordedSlots::isFree);
  }

  @Override
  public synchronized void segment(long index, String fragmentId, long startUs, long endUs) {
    fragmentIds.put(index, fragmentId);
  }

  @Override
  public synchronized void dubbed(long index) {
    dubbed.add(index);
  }

  @Override
  public synchronized void words(long index, SlotWords said) {
    words.put(index, said);
  }

  /**
   * Writes words and slots. When nothing more is told.
   *
   * @throws IOException also when one of the files is there
   */
  public synchronized void write() throws IOException {
    write(beside(".source.vtt"), merged(before.sourceWords(), true));
    write(beside(".target.vtt"), merged(before.targetWords(), false));
    write(beside(".json"), described());
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** The cues that there were, but for those of slots that are dubbed now, and the new ones. */
  private String merged(Path old, boolean source) throws IOException {
    SampleRate rate = new SampleRate(before.sampleRateHz());
    TreeMap<Long, String> cues = new TreeMap<>();
    if (Files.isRegularFile(old)) {
      cues.putAll(WebVtt.cuesByStart(Files.readString(old)));
    }
    for (Segment slot : wanted.values()) {
      SlotWords said = words.get(slot.index());
      if (!dubbed.contains(slot.index()) || said == null) {
        continue;
      }
      long startUs = rate.microsAt(slot.startSample());
      long endUs = rate.microsAt(slot.endSample());
      cues.subMap(startUs / 1000, endUs / 1000).clear();
      String text = source ? said.transcript() : said.translation();
      List<List<String>> pieces = text == null ? List.of() : CueText.split(text);
      if (!pieces.isEmpty()) {
        var speech = (source ? said.originalSpeech() : said.dubSpeech()).get();
        for (Cue cue : CueTimes.of(pieces, speech, startUs, endUs)) {
          cues.put(cue.startUs() / 1000, WebVtt.of(cue, 0));
        }
      }
    }
    return WebVtt.HEADER + String.join("", cues.values());
  }

  private String described() {
    ObjectNode document = before.document();
    document.put("media", String.valueOf(media.getFileName()));
    document.put("sourceWords", String.valueOf(beside(".source.vtt").getFileName()));
    document.put("targetWords", String.valueOf(beside(".target.vtt").getFileName()));
    document.put("redoneFrom", String.valueOf(before.media().getFileName()));
    List<String> lines = new ArrayList<>();
    for (JsonNode slot : document.path("slots")) {
      long number = slot.path("number").asLong();
      if (slot instanceof ObjectNode entry && dubbed.contains(number)) {
        SlotWords said = words.get(number);
        put(entry, "fragmentId", fragmentIds.get(number));
        entry.put("sound", "dub").putNull("reason").putNull("detail").put("aired", true);
        put(entry, "transcript", said == null ? null : said.transcript());
        put(entry, "translation", said == null ? null : said.translation());
      }
      lines.add(slot.toString());
    }
    document.remove("slots");
    String head = document.toString();
    return head.substring(0, head.length() - 1)
        + ",\n\"slots\": [\n"
        + String.join(",\n", lines)
        + "\n]}\n";
  }

  private static void put(ObjectNode entry, String field, @Nullable String text) {
    if (text != null) {
      entry.put(field, text);
    }
  }
}
