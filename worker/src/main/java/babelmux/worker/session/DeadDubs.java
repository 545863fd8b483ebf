package babelmux.worker.session;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.MediaException;
import babelmux.media.Sound;
import babelmux.worker.sound.DeadDubWatch;
import babelmux.worker.sound.DeadDubWatch.Answer;
import babelmux.worker.sound.DeadDubWatch.Verdict;
import babelmux.worker.sound.Levels;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the dubs of a stream that will be played to a {@link DeadDubWatch}, and tells the listener
 * what it notices. Thread-safe: answers are decoded side by side. Holds the fragment of one dub.
 */
final class DeadDubs {
  private static final Logger log = LoggerFactory.getLogger(DeadDubs.class);

  private final DubListener listener;
  // Guarded by this.
  private final DeadDubWatch watch = new DeadDubWatch();

  DeadDubs(DubListener listener) {
    this.listener = listener;
  }

  /** A fragment: what the STS was given. */
  record Sent(byte[] m4a, Segment segment, SoundShape shape) {

    private Optional<Levels> levels() {
      return sound().map(Levels::of);
    }

    /** Decodes it; empty when it cannot be decoded. */
    Optional<Sound> sound() {
      int hz = shape.rate().hz();
      AudioClipHint hint =
          new AudioClipHint("m4a", hz, shape.sentChannels(), segment.samples() + hz);
      try {
        return Optional.of(AudioClipDecoder.decode(m4a, hint));
      } catch (MediaException e) {
        log.debug("segment {}: {}", segment.index(), e.getMessage());
        return Optional.empty();
      }
    }
  }

  /** A dub came in time. It is as the STS sent it, at the source's rate. */
  void played(Sound dub, Sent fragment) {
    Answer answer = Answer.of(dub);
    synchronized (this) {
      boolean wasDead = watch.isDead();
      Verdict verdict = watch.next(answer, fragment::levels);
      if (verdict.dead() != null && verdict.counted() > 0) {
        listener.deadDubs(verdict.dead(), verdict.counted());
      } else if (wasDead && verdict.dead() == null) {
        listener.goodDub();
      }
    }
  }
}
