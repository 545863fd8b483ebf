package babelmux.app.doctor;

import babelmux.hooks.TestStreams;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Judges whether MediaMTX's hook reaches this worker. Pure. */
final class HookVerdict {
  private static final String SUBJECT = Code.HOOK_LOST.subject();
  private static final String PROGRAM = Code.HOOK_PROGRAM_MISSING.subject();

  private HookVerdict() {}

  /**
   * The address that this worker's hooks go to.
   *
   * @param isHere whether a URL's host is this machine, or nothing else is known
   */
  record Port(String scheme, int port, Predicate<String> isHere) {}

  /**
   * Judges a hook whose arrival was waited for.
   *
   * @param arrivals what came of the test publish
   */
  static List<Finding> arrived(HookProgram program, TestStreams.Arrivals arrivals, Port port) {
    if (arrivals.ready()) {
      return List.of(
          Finding.ok(PROGRAM, program.seen() ? program.text() : "it works: the hook arrives"),
          Finding.ok(SUBJECT, "it arrives"));
    }
    Finding seen = seen(program, port).orElse(null);
    if (seen != null) {
      return List.of(seen);
    }
    Finding file =
        program.seen()
            ? Finding.ok(PROGRAM, program.text())
            : Finding.unknown(PROGRAM, program.text());
    if (!arrivals.refused().isEmpty()) {
      String reason = arrivals.refused().get(0);
      return List.of(
          file,
          Finding.of(Code.HOOK_REFUSED, "a hook came and was refused: " + reason, remedy(reason)));
    }
    return List.of(
        file,
        Finding.of(Code.HOOK_LOST, "the input was there, and no hook told this worker of it"));
  }

  /** Judges by the program alone: nothing was published, or nobody could wait for a hook. */
  static List<Finding> unpublished(HookProgram program, Port port, String why) {
    Finding seen = seen(program, port).orElse(null);
    if (seen != null) {
      return List.of(seen);
    }
    return List.of(
        program.seen()
            ? Finding.ok(PROGRAM, program.text())
            : Finding.unknown(PROGRAM, program.text()),
        Finding.unknown(SUBJECT, why));
  }

  /** Returns whether what can be seen of it cannot work. */
  static boolean isBroken(HookProgram program, Port port) {
    return seen(program, port).isPresent();
  }

  private static Optional<Finding> seen(HookProgram program, Port port) {
    Code fault = program.fault();
    if (fault != null) {
      return Optional.of(Finding.of(fault, program.text()));
    }
    String elsewhere = elsewhere(program.target(), port);
    return Optional.ofNullable(elsewhere).map(text -> Finding.of(Code.HOOK_ELSEWHERE, text));
  }

  /** What is wrong with the address; null when nothing is, or it is not known. */
  private static @Nullable String elsewhere(@Nullable String target, Port port) {
    if (target == null) {
      return null;
    }
    if (target.isEmpty()) {
      return "ORCHESTRATOR_URL is not set in MediaMTX's environment";
    }
    URI url;
    try {
      url = URI.create(target);
    } catch (IllegalArgumentException e) {
      return "the hook's address is no URL";
    }
    if (url.getHost() == null || url.getScheme() == null) {
      return "the hook's address is no http or https URL";
    }
    int to = Reach.port(url);
    boolean same =
        url.getScheme().equals(port.scheme())
            && to == port.port()
            && port.isHere().test(url.getHost());
    return same
        ? null
        : "it goes to %s://%s:%d, and this worker listens on %s port %d"
            .formatted(url.getScheme(), url.getHost(), to, port.scheme(), port.port());
  }

  private static String remedy(String reason) {
    return switch (reason) {
      case "token_missing", "token_wrong" ->
          "give MediaMTX BABELMUX_API_TOKEN with the token of api.token, or set api.token-for-hooks=false";
      case "address" -> "set http.trusted to the address of MediaMTX";
      default -> "look at the worker's log: it says what was expected";
    };
  }
}
