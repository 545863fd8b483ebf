package babelmux.worker.recording;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the files of one recording: {@code 20261122T075000Z.mp4} and those beside it. Sorted by
 * name they are sorted by time.
 *
 * @param stem what all names begin with
 */
record RecordingName(String stem) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String MEDIA = ".mp4";
  private static final String SLOTS = ".json";
  private static final String SOURCE_WORDS = ".source.vtt";
  private static final String TARGET_WORDS = ".target.vtt";
  private static final Pattern FILE =
      Pattern.compile(
          "(\\d{8}T\\d{6}Z(?:_[1-9]\\d{0,5})?)(\\.mp4|\\.json|\\.(?:source|target)\\.vtt)");

  /**
   * The name of a recording.
   *
   * @param number 1 for the first of its second; the others say theirs
   */
  static RecordingName of(Instant start, int number) {
    return new RecordingName(UTC.format(start) + (number == 1 ? "" : "_" + number));
  }

  /** The recording that a file belongs to; empty when it is no name that this program gives. */
  static Optional<RecordingName> ofFile(String file) {
    Matcher matcher = FILE.matcher(file);
    return matcher.matches() ? Optional.of(new RecordingName(matcher.group(1))) : Optional.empty();
  }

  String media() {
    return stem + MEDIA;
  }

  /** The description of the slots. */
  String slots() {
    return stem + SLOTS;
  }

  String sourceWords() {
    return stem + SOURCE_WORDS;
  }

  String targetWords() {
    return stem + TARGET_WORDS;
  }

  /** All files; the description, by which a recording is known as ours, last. */
  List<String> files() {
    return List.of(media(), sourceWords(), targetWords(), slots());
  }
}
