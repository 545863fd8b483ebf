package babelmux.hooks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The difference between what the Control API lists and what runs. A pure value.
 *
 * @param start sources on input paths that no session runs with: to be put before {@link
 *     SourcePairing#listed}, which knows what hooks told meanwhile
 * @param end paths of sessions whose source is gone: to be treated as a not-ready
 * @param listed all input paths that have a source
 */
public record Reconciliation(List<Candidate> start, List<String> end, Set<String> listed) {

  /**
   * A source that the API lists on an input path.
   *
   * @param path as listed
   * @param streamId from the path
   * @param sourceType as listed
   * @param sourceId as listed; empty for sources that MediaMTX pulls
   * @param query the publisher's, as a hook has it; empty where nobody has asked for it
   */
  public record Candidate(
      String path, String streamId, String sourceType, String sourceId, String query) {
    /** As listed: a list of paths has no queries. */
    public Candidate(String path, String streamId, String sourceType, String sourceId) {
      this(path, streamId, sourceType, sourceId, "");
    }

    /** The same with a query. */
    public Candidate with(String found) {
      return new Candidate(path, streamId, sourceType, sourceId, found);
    }
  }

  /**
   * A session as the reconciliation sees it.
   *
   * @param path its input path
   * @param sourceId the source that it runs with; null while it waits for one
   * @param reading whether packets have come since the listing was asked for, or within the last
   *     seconds
   * @param startedAtNanos on the clock of {@code askedAtNanos}
   */
  public record Running(
      String path, @Nullable String sourceId, boolean reading, long startedAtNanos) {}

  public Reconciliation {
    start = List.copyOf(start);
    end = List.copyOf(end);
    listed = Set.copyOf(listed);
  }

  /**
   * Compares.
   *
   * @param listing what the API answered
   * @param running all sessions that still have, or wait for, a source
   * @param paths which paths are inputs
   * @param askedAtNanos when the listing was asked for; sessions younger than that are not judged
   */
  public static Reconciliation of(
      PathListing listing, Collection<Running> running, PathPattern paths, long askedAtNanos) {
    Map<String, Running> sessions = new HashMap<>();
    running.forEach(session -> sessions.put(session.path(), session));

    Map<String, Candidate> inputs = new LinkedHashMap<>();
    for (ListedPath path : listing.paths()) {
      candidate(path, paths).ifPresent(input -> inputs.put(input.path(), input));
    }

    List<Candidate> start = new ArrayList<>();
    for (Candidate input : inputs.values()) {
      Running session = sessions.get(input.path());
      if (session == null || !input.sourceId().equals(session.sourceId())) {
        start.add(input);
      }
    }

    List<String> end = new ArrayList<>();
    for (Running session : sessions.values()) {
      boolean judged = listing.complete() && session.startedAtNanos() - askedAtNanos < 0;
      // Media that flows is better evidence than a list.
      if (judged && !session.reading() && !inputs.containsKey(session.path())) {
        end.add(session.path());
      }
    }
    return new Reconciliation(start, end, inputs.keySet());
  }

  private static Optional<Candidate> candidate(ListedPath path, PathPattern paths) {
    if (!path.ready() || path.sourceType().isEmpty()) {
      return Optional.empty();
    }
    return paths
        .match(path.name())
        .filter(stream -> stream.direction() == Direction.IN)
        .map(
            stream ->
                new Candidate(path.name(), stream.streamId(), path.sourceType(), path.sourceId()));
  }
}
