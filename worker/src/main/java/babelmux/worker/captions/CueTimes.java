package babelmux.worker.captions;

import babelmux.worker.sound.SpeechSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the pieces of a slot's text their times: the speech that was found in the slot is shared
 * between them in proportion to their length, so that each begins while somebody speaks. Pure.
 */
public final class CueTimes {
  /** A piece stays so long after its words, unless the next one comes. */
  private static final long STAY_US = 1_000_000;

  private CueTimes() {}

  /**
   * The cues of a slot: starts rise, and none ends after the next one's start or the slot's end.
   *
   * @param pieces as {@link CueText#split} gives them
   * @param speech in the slot, counted from its start; without any, the whole slot counts
   * @param startUs the slot's, output time
   * @param endUs the slot's, output time
   */
  public static List<Cue> of(
      List<List<String>> pieces, List<SpeechSpan> speech, long startUs, long endUs) {
    List<SpeechSpan> spans =
        speech.isEmpty() ? List.of(new SpeechSpan(0, endUs - startUs)) : speech;
    long spokenUs = spans.stream().mapToLong(SpeechSpan::lengthUs).sum();
    long columns = pieces.stream().mapToLong(CueTimes::columns).sum();
    List<Cue> cues = new ArrayList<>();
    long before = 0;
    for (List<String> piece : pieces) {
      long fromUs = startUs + begin(spans, spokenUs * before / columns);
      before += columns(piece);
      long toUs = startUs + end(spans, spokenUs * before / columns);
      long latestUs =
          before < columns ? startUs + begin(spans, spokenUs * before / columns) : endUs;
      if (fromUs < latestUs) {
        cues.add(new Cue(fromUs, Math.min(toUs + STAY_US, latestUs), piece));
      }
    }
    return cues;
  }

  private static long columns(List<String> piece) {
    return Math.max(1, piece.stream().mapToLong(CueText::columns).sum());
  }

  /** Where the speech goes on after so much of it. */
  private static long begin(List<SpeechSpan> spans, long spokenUs) {
    long left = spokenUs;
    for (SpeechSpan span : spans) {
      if (left < span.lengthUs()) {
        return span.fromUs() + left;
      }
      left -= span.lengthUs();
    }
    return spans.get(spans.size() - 1).toUs();
  }

  /** Where so much speech is over. */
  private static long end(List<SpeechSpan> spans, long spokenUs) {
    long left = spokenUs;
    for (SpeechSpan span : spans) {
      if (left <= span.lengthUs()) {
        return span.fromUs() + left;
      }
      left -= span.lengthUs();
    }
    return spans.get(spans.size() - 1).toUs();
  }
}
