package babelmux.stsecho.protocol;

import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import babelmux.stsecho.protocol.Messages.Failure;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of {@code config:error_simulation}: which fragments are answered as failed. Pure. */
record ErrorSimulation(List<Rule> rules) {
  static final ErrorSimulation NONE = new ErrorSimulation(List.of());
  private static final int MAX_RULES = 1000;

  enum Trigger {
    SEQUENCE_NUMBER,
    FRAGMENT_ID,
    NTH_FRAGMENT
  }

  /** Compares by type: the text "5" never equals the number 5. */
  record Rule(Trigger trigger, JsonNode value, Failure failure) {
    boolean matches(FragmentData fragment, int count) {
      return switch (trigger) {
        case SEQUENCE_NUMBER -> isNumber(fragment.sequenceNumber());
        case FRAGMENT_ID -> value.isTextual() && value.textValue().equals(fragment.fragmentId());
        case NTH_FRAGMENT -> value.isNumber() && count % value.intValue() == 0;
      };
    }

    private boolean isNumber(int number) {
      return value.isNumber() && value.doubleValue() == number;
    }
  }

  /**
   * The first matching rule's failure, null when none matches.
   *
   * @param count fragments received in the session, this one included
   */
  @Nullable Failure failure(FragmentData fragment, int count) {
    for (Rule rule : rules) {
      if (rule.matches(fragment, count)) {
        return rule.failure();
      }
    }
    return null;
  }

  static ErrorSimulation read(JsonNode payload) throws BadPayload {
    Fields config = Fields.of("config:error_simulation", payload);
    List<Rule> rules = new ArrayList<>();
    JsonNode list = config.value("rules");
    if (list != null) {
      if (!list.isArray() || list.size() > MAX_RULES) {
        throw config.bad("rules", list, "a list of at most %d rules".formatted(MAX_RULES));
      }
      for (JsonNode rule : list) {
        rules.add(rule(Fields.of("rules[%d]".formatted(rules.size()), rule)));
      }
    }
    return config.flag("enabled", false) ? new ErrorSimulation(List.copyOf(rules)) : NONE;
  }

  private static Rule rule(Fields fields) throws BadPayload {
    String name = fields.text("trigger");
    Trigger trigger =
        switch (name) {
          case "sequence_number" -> Trigger.SEQUENCE_NUMBER;
          case "fragment_id" -> Trigger.FRAGMENT_ID;
          case "nth_fragment" -> Trigger.NTH_FRAGMENT;
          default ->
              throw new BadPayload(
                  "%s.trigger: '%s', expected sequence_number, fragment_id or nth_fragment"
                      .formatted(fields.where(), name));
        };
    JsonNode value = fields.value("value");
    if (value == null || !(value.isTextual() || value.isNumber())) {
      throw new BadPayload("%s.value: expected an integer or a string".formatted(fields.where()));
    }
    if (trigger == Trigger.NTH_FRAGMENT && value.isNumber() && value.intValue() < 1) {
      throw fields.bad("value", value, "1 or more");
    }
    return new Rule(
        trigger,
        value,
        new Failure(
            fields.text("error_code"),
            fields.textOr("error_message", "Simulated error"),
            fields.text("stage", null),
            fields.flag("retryable", true)));
  }
}
