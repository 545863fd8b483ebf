package babelmux.hooks;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams that doctor publishes to see whether they arrive. Their ids begin with {@link #PREFIX}
 * and end with a nonce that is good for 30 s. Of such a stream it is noted that its hooks came and
 * that it was listed, and nothing else follows. An id of that form without a live nonce starts
 * nothing either. Thread-safe; does not block.
 */
public final class TestStreams {
  private static final Logger log = LoggerFactory.getLogger(TestStreams.class);

  /** Every id that begins so is doctor's. */
  public static final String PREFIX = "babelmux-doctor-";

  static final Duration LIFE = Duration.ofSeconds(30);
  private static final int MAX_LIVE = 16;
  private static final int NONCE_LENGTH = 16;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

  private final Supplier<String> nonces;
  private final LogThrottle throttle;
  private final LongSupplier nanoClock;
  private final RecentMap<String, Notes> live = new RecentMap<>(LIFE.toNanos(), MAX_LIVE);

  /** Streams of a process. */
  public TestStreams() {
    this(System::nanoTime);
  }

  /**
   * @param nanoClock monotonic clock, nanoseconds
   */
  TestStreams(LongSupplier nanoClock) {
    this(nanoClock, TestStreams::nonce);
  }

  /**
   * @param nanoClock monotonic clock, nanoseconds
   * @param nonces the ends of the ids; nobody else should know them before they are used
   */
  public TestStreams(LongSupplier nanoClock, Supplier<String> nonces) {
    this.nonces = nonces;
    this.nanoClock = nanoClock;
    this.throttle = new LogThrottle(nanoClock);
  }

  /**
   * What arrived of one of these streams.
   *
   * @param ready whether the hook told that its input is there
   * @param notReady whether the hook told that its input is gone
   * @param output whether a hook told of its output, where none should
   * @param listed whether the comparison with the Control API saw it
   * @param refused the reasons that hooks, whosoever they were, were refused for meanwhile
   */
  public record Arrivals(
      boolean ready, boolean notReady, boolean output, boolean listed, List<String> refused) {
    public Arrivals {
      refused = List.copyOf(refused);
    }

    static final Arrivals NONE = new Arrivals(false, false, false, false, List.of());
  }

  private static final class Notes {
    private boolean ready;
    private boolean notReady;
    private boolean output;
    private boolean listed;
    private final List<String> refused = new ArrayList<>();

    private Arrivals seen() {
      return new Arrivals(ready, notReady, output, listed, refused);
    }
  }

  /** Returns whether an id is kept for doctor. */
  public static boolean isReserved(String streamId) {
    return streamId.startsWith(PREFIX);
  }

  /** The id of a new one, good for 30 s. */
  public synchronized String issue() {
    String id = PREFIX + nonces.get();
    live.put(id, new Notes(), nanoClock.getAsLong());
    return id;
  }

  private static String nonce() {
    SecureRandom random = new SecureRandom();
    StringBuilder nonce = new StringBuilder();
    for (int n = 0; n < NONCE_LENGTH; n++) {
      nonce.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return nonce.toString();
  }

  /** What arrived of a stream; nothing when its time is over. */
  public synchronized Arrivals arrivals(String streamId) {
    return find(streamId).map(Notes::seen).orElse(Arrivals.NONE);
  }

  /**
   * A hook was refused before it was known which stream it is about.
   *
   * @param reason a word, as metrics have it
   */
  public synchronized void hookRefused(String reason) {
    for (Notes notes : live.values(nanoClock.getAsLong())) {
      if (!notes.refused.contains(reason)) {
        notes.refused.add(reason);
      }
    }
  }

  /** A listener that keeps these streams from another one. */
  public HookListener before(HookListener next) {
    return new HookListener() {
      @Override
      public HookVerdict ready(SourceEvent event) {
        return isReserved(event.streamId()) ? noteReady(event) : next.ready(event);
      }

      @Override
      public HookVerdict notReady(SourceEvent event) {
        return isReserved(event.streamId()) ? noteNotReady(event) : next.notReady(event);
      }

      @Override
      public void output(SourceEvent event) {
        if (isReserved(event.streamId())) {
          noteOutput(event);
        } else {
          next.output(event);
        }
      }

      @Override
      public void rejected(int status, String detail) {
        next.rejected(status, detail);
      }
    };
  }

  /** A listing without these streams, which are noted. */
  public PathListing without(PathListing listing, PathPattern pattern) {
    List<ListedPath> others = new ArrayList<>();
    for (ListedPath path : listing.paths()) {
      Optional<String> id =
          pattern
              .match(path.name())
              .map(PathPattern.StreamPath::streamId)
              .filter(TestStreams::isReserved);
      if (id.isEmpty()) {
        others.add(path);
      } else {
        noteListed(id.get());
      }
    }
    return new PathListing(others, listing.complete());
  }

  private synchronized HookVerdict noteReady(SourceEvent event) {
    Optional<Notes> notes = find(event.streamId());
    notes.ifPresent(found -> found.ready = true);
    return verdict(event, notes);
  }

  private synchronized HookVerdict noteNotReady(SourceEvent event) {
    Optional<Notes> notes = find(event.streamId());
    notes.ifPresent(found -> found.notReady = true);
    return verdict(event, notes);
  }

  private synchronized void noteOutput(SourceEvent event) {
    find(event.streamId()).ifPresent(found -> found.output = true);
  }

  private synchronized void noteListed(String streamId) {
    find(streamId).ifPresent(found -> found.listed = true);
  }

  private Optional<Notes> find(String streamId) {
    return live.get(streamId, nanoClock.getAsLong());
  }

  private HookVerdict verdict(SourceEvent event, Optional<Notes> notes) {
    if (notes.isPresent()) {
      return new HookVerdict.Skipped("a test publish of doctor: noted, no stream is started");
    }
    throttle
        .permit()
        .ifPresent(
            more ->
                log.warn(
                    "{}: no stream is started: ids that begin with {} are kept for doctor{}",
                    event.path(),
                    PREFIX,
                    more));
    return new HookVerdict.Skipped(
        "no stream is started: ids that begin with %s are kept for doctor".formatted(PREFIX));
  }
}
