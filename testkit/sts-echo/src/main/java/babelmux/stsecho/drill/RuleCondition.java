package babelmux.stsecho.drill;

import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Condition of a rule: the messages that it applies to.
 *
 * @param stream exact id, or a beginning and {@code *}
 * @param attempts how often the fragment was refused before
 * @param chance 0..1, drawn once for each message
 * @param untilMs end of its time, exclusive
 */
record RuleCondition(
    Stage stage,
    String stream,
    Numbers sessions,
    Numbers fragments,
    Numbers attempts,
    double chance,
    long fromMs,
    long untilMs) {

  static final List<String> KEYS =
      List.of("stage", "stream", "session", "fragment", "try", "chance", "from_ms", "until_ms");

  /**
   * @param draw 0..1, the rule's luck with this message
   */
  boolean matches(FaultContext faultContext, double draw) {
    return faultContext.stage() == stage
        && matchesStream(faultContext.stream())
        && sessions.contains(faultContext.session())
        && (stage != Stage.FRAGMENT || matchesFragment(faultContext))
        && faultContext.elapsedMs() >= fromMs
        && faultContext.elapsedMs() < untilMs
        && draw < chance;
  }

  private boolean matchesFragment(FaultContext faultContext) {
    return fragments.contains(faultContext.fragment()) && attempts.contains(faultContext.attempt());
  }

  private boolean matchesStream(String id) {
    return stream.endsWith("*")
        ? id.startsWith(stream.substring(0, stream.length() - 1))
        : id.equals(stream);
  }

  static RuleCondition read(Fields fields) throws BadPayload {
    String stage =
        fields.word("stage", "fragment", Arrays.stream(Stage.values()).map(Stage::label).toList());
    return new RuleCondition(
        Stage.valueOf(stage.toUpperCase(Locale.ROOT)),
        fields.textOr("stream", "*"),
        Numbers.read(fields, "session"),
        Numbers.read(fields, "fragment"),
        Numbers.read(fields, "try"),
        fields.number("chance", 1, 0, 1),
        fields.integer("from_ms", 0, 0, Integer.MAX_VALUE),
        fields.value("until_ms") == null
            ? Long.MAX_VALUE
            : fields.integer("until_ms", 0, Integer.MAX_VALUE));
  }
}
