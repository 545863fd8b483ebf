package babelmux.stsecho.drill;

import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import babelmux.stsecho.socketio.Admission;
import babelmux.stsecho.socketio.WireFault;
import babelmux.stsecho.voice.AudioMode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one fault of a script: the word, its measures, and whether it fits its stage. */
final class FaultReader {
  private static final int MAX_MS = 3_600_000;
  private static final int MAX_ANSWER = 200_000_000;
  private static final Set<Stage> MESSAGES = EnumSet.of(Stage.INIT, Stage.FRAGMENT, Stage.END);

  private interface Reading {
    Fault read(Fields fields) throws BadPayload;
  }

  private record Word(Set<Stage> stages, List<String> keys, Reading reading) {}

  private static final Map<String, Word> WORDS = new TreeMap<>();

  static {
    word("delay", MESSAGES, List.of("ms", "jitter_ms"), FaultReader::delay);
    word("late", EnumSet.of(Stage.FRAGMENT), List.of("ms"), FaultReader::late);
    word("drop", MESSAGES, List.of(), fields -> new Fault.Drop());
    word("no_ack", EnumSet.of(Stage.FRAGMENT), List.of(), fields -> new Fault.NoAck());
    word("duplicate", EnumSet.of(Stage.FRAGMENT), List.of("times"), FaultReader::duplicate);
    word("reorder", EnumSet.of(Stage.FRAGMENT), List.of("by"), FaultReader::reorder);
    word(
        "error",
        EnumSet.of(Stage.INIT, Stage.FRAGMENT),
        List.of("code", "message", "severity", "retryable", "ids", "shape"),
        FaultReader::error);
    word(
        "fail",
        EnumSet.of(Stage.FRAGMENT),
        List.of("code", "message", "at", "retryable"),
        FaultReader::fail);
    word("patch", MESSAGES, List.of("fields"), FaultReader::patch);
    word("audio", EnumSet.of(Stage.FRAGMENT), List.of("mode", "bytes"), FaultReader::audio);
    word("disconnect", MESSAGES, List.of("at", "how"), FaultReader::disconnect);
    word(
        "backpressure",
        EnumSet.of(Stage.INIT, Stage.FRAGMENT),
        List.of("severity", "action", "delay_ms", "release_after_ms", "shape"),
        FaultReader::backpressure);
    word("emit", MESSAGES, List.of("event", "payload", "after_ms"), FaultReader::emit);
    word("early", EnumSet.of(Stage.END), List.of(), fields -> new Fault.Early());
    word(
        "shape",
        EnumSet.of(Stage.INIT),
        List.of("shape"),
        fields -> new Fault.Shape(full(fields, "full")));
    word("refuse", EnumSet.of(Stage.CONNECT), List.of("how"), FaultReader::refuse);
    word("stall_pings", MESSAGES, List.of(), wire("stall_pings", new WireFault.StallPings()));
    word("hang", MESSAGES, List.of(), wire("hang", new WireFault.Hang()));
    word("trickle", MESSAGES, List.of("bytes", "pause_ms"), FaultReader::trickle);
  }

  private FaultReader() {}

  private static void word(String word, Set<Stage> stages, List<String> keys, Reading reading) {
    WORDS.put(word, new Word(stages, keys, reading));
  }

  /**
   * @param stage what it is to strike; null for a fault that strikes now
   */
  static Fault read(Fields fields, @Nullable Stage stage) throws BadPayload {
    String name = fields.text("do");
    Word word = WORDS.get(name);
    if (word == null) {
      throw new BadPayload(
          "%s.do: '%s', expected one of %s"
              .formatted(fields.where(), name, String.join(", ", WORDS.keySet())));
    }
    List<String> keys = new ArrayList<>(word.keys());
    keys.add("do");
    if (stage != null) {
      keys.addAll(RuleCondition.KEYS);
      if (!word.stages().contains(stage)) {
        throw new BadPayload(
            "%s.do: '%s' does not go with stage '%s', expected one of %s"
                .formatted(
                    fields.where(),
                    name,
                    stage.label(),
                    String.join(", ", word.stages().stream().map(Stage::label).toList())));
      }
    }
    fields.only(keys);
    return word.reading().read(fields);
  }

  private static Fault delay(Fields fields) throws BadPayload {
    return new Fault.Delay(
        fields.integer("ms", 0, 0, MAX_MS), fields.integer("jitter_ms", 0, 0, MAX_MS));
  }

  private static Fault late(Fields fields) throws BadPayload {
    return new Fault.Late(fields.integer("ms", 500, 0, MAX_MS));
  }

  private static Fault duplicate(Fields fields) throws BadPayload {
    return new Fault.Duplicate(fields.integer("times", 2, 2, 100));
  }

  private static Fault reorder(Fields fields) throws BadPayload {
    return new Fault.Reorder(fields.integer("by", 1, 1, 30));
  }

  private static Fault error(Fields fields) throws BadPayload {
    return new Fault.ErrorEvent(
        fields.text("code"),
        fields.textOr("message", "drill"),
        fields.word("severity", "error", List.of("warning", "error", "fatal")),
        fields.flag("retryable", false),
        fields.flag("ids", true),
        full(fields, "echo"));
  }

  private static Fault fail(Fields fields) throws BadPayload {
    return new Fault.Fail(
        fields.text("code"),
        fields.textOr("message", "drill"),
        fields.text("at", null),
        fields.flag("retryable", true));
  }

  private static Fault patch(Fields fields) throws BadPayload {
    return new Fault.Patch((ObjectNode) fields.object("fields").node());
  }

  private static Fault audio(Fields fields) throws BadPayload {
    String mode =
        fields.word(
            "mode",
            fields.text("mode"),
            Arrays.stream(AudioMode.values()).map(AudioMode::label).toList());
    return new Fault.Audio(AudioMode.of(mode), fields.integer("bytes", 50_000_000, 0, MAX_ANSWER));
  }

  private static Fault disconnect(Fields fields) throws BadPayload {
    String at =
        fields.word(
            "at", "before_ack", List.of("before_ack", "after_ack", "mid_answer", "after_answer"));
    String how = fields.word("how", "farewell", List.of("farewell", "reset"));
    return new Fault.Disconnect(
        Fault.Point.valueOf(at.toUpperCase(Locale.ROOT)), how.equals("reset"));
  }

  private static Fault backpressure(Fields fields) throws BadPayload {
    int delayMs = fields.integer("delay_ms", -1, -1, MAX_MS);
    return new Fault.Backpressure(
        fields.word("severity", "high", List.of("low", "medium", "high")),
        fields.word("action", "pause", List.of("none", "slow_down", "pause")),
        delayMs < 0 ? null : Integer.valueOf(delayMs),
        fields.integer("release_after_ms", -1, -1, MAX_MS),
        full(fields, "echo"));
  }

  private static Fault emit(Fields fields) throws BadPayload {
    ObjectNode payload =
        fields.value("payload") == null
            ? JsonNodeFactory.instance.objectNode()
            : (ObjectNode) fields.object("payload").node();
    return new Fault.Emit(fields.text("event"), payload, fields.integer("after_ms", 0, 0, MAX_MS));
  }

  private static Fault refuse(Fields fields) throws BadPayload {
    String how =
        fields.word(
            "how", "unavailable", List.of("unavailable", "reset", "silent", "connect_error"));
    return new Fault.Refuse(
        how.equals("connect_error") ? null : Admission.valueOf(how.toUpperCase(Locale.ROOT)));
  }

  private static Fault trickle(Fields fields) throws BadPayload {
    return new Fault.Wire(
        "trickle",
        new WireFault.Trickle(
            fields.integer("bytes", 1, 1, 1 << 20),
            Duration.ofMillis(fields.integer("pause_ms", 0, 0, MAX_MS))));
  }

  private static Reading wire(String word, WireFault fault) {
    return fields -> new Fault.Wire(word, fault);
  }

  private static boolean full(Fields fields, String fallback) throws BadPayload {
    return fields.word("shape", fallback, List.of("echo", "full")).equals("full");
  }
}
