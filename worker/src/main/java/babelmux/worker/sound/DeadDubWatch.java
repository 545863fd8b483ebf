package babelmux.worker.sound;

import babelmux.media.Sound;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices that an STS answers and its dubs are dead: three in a row that are silent while the
 * source speaks, or that are the same although the source speaks and differs. It judges by levels
 * and samples and knows nothing of what is said. The first good dub ends it.
 *
 * <p>Where the source does not speak, silence is right and restarts the row, and a sound that is
 * repeated counts neither way: an STS may have one for all that is no speech. A dub that is
 * repeated because its source is restarts the row, too. Segments without an answer are not shown to
 * it. Has the state of the dubs before; not thread-safe.
 */
public final class DeadDubWatch {
  /** Dead dubs in a row until they are named. */
  public static final int LIMIT = 3;

  private int silentInARow;
  // Speaking segments with the same dub; -1 while the first one's source has not been looked at.
  private int sameInARow;
  private @Nullable SoundPrint last;
  private SourceLevels lastSource = Optional::empty;
  private @Nullable DeadDub named;

  /** A dub as it came, before it was made as long as its slot. */
  public record Answer(Levels levels, SoundPrint print) {
    /** Measures; about a millisecond of work for 6 s. Pure. */
    public static Answer of(Sound dub) {
      return new Answer(Levels.of(dub), SoundPrint.of(dub));
    }
  }

  /** Measures the levels of a dub's segment of the source, which takes a decoding. */
  @FunctionalInterface
  public interface SourceLevels {
    /** Empty when it cannot be measured: then the dub shows nothing. */
    Optional<Levels> measure();
  }

  /**
   * What an answer shows.
   *
   * @param counted dead dubs to be counted: when they are named, with those before
   * @param dead what they are now; null when the last dub was a good one, or too few were dead
   */
  public record Verdict(int counted, @Nullable DeadDub dead) {}

  /** Returns whether dead dubs were named, and no good one has come since. */
  public boolean isDead() {
    return named != null;
  }

  /**
   * Judges the next answer, in the order in which they come.
   *
   * @param source asked when the dub is suspect, now or with the next answer
   */
  public Verdict next(Answer dub, SourceLevels source) {
    if (dub.levels().isSilent()) {
      return source.measure().map(this::silent).orElseGet(this::unchanged);
    }
    silentInARow = 0;
    SoundPrint before = last;
    if (before == null || !before.isSameAs(dub.print())) {
      last = dub.print();
      lastSource = source;
      sameInARow = -1;
      named = null;
      return unchanged();
    }
    return source.measure().map(this::same).orElseGet(this::unchanged);
  }

  private Verdict unchanged() {
    return new Verdict(0, named);
  }

  private Verdict silent(Levels source) {
    last = null;
    boolean dead = source.speaks();
    silentInARow = dead ? silentInARow + 1 : 0;
    return dead ? dead(silentInARow, DeadDub.SILENT) : unchanged();
  }

  private Verdict same(Levels source) {
    Optional<Levels> earlier = lastSource.measure();
    lastSource = () -> Optional.of(source);
    if (sameInARow < 0) {
      sameInARow = earlier.filter(Levels::speaks).isPresent() ? 1 : 0;
    }
    boolean other = earlier.filter(source::isOther).isPresent();
    boolean speaks = source.speaks();
    sameInARow = (other ? sameInARow : 0) + (speaks ? 1 : 0);
    return other && speaks ? dead(sameInARow, DeadDub.REPEATED) : unchanged();
  }

  private Verdict dead(int inARow, DeadDub kind) {
    if (named == kind) {
      return new Verdict(1, named);
    }
    if (inARow < LIMIT) {
      return unchanged();
    }
    named = kind;
    return new Verdict(inARow, named);
  }
}
