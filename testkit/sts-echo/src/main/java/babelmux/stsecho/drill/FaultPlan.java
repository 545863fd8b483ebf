package babelmux.stsecho.drill;

import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A bad day, written down: which fault strikes which message. Immutable and pure: the same message
 * meets the same faults, chance and jitter included, whenever it is asked.
 *
 * <p>Written as YAML or JSON: {@code seed} (an integer), {@code ordered} (false lets answers go as
 * soon as they are there), and {@code rules}, a list of objects with
 *
 * <ul>
 *   <li>when: {@code stage} (connect, init, fragment, end; default fragment), {@code stream} (an id
 *       or a beginning and *), {@code session} and {@code fragment} (3, 4..6, 10.., every 5, or a
 *       list), {@code try} (the same: 0 for a number that was not refused before in its session),
 *       {@code chance} (0..1), {@code from_ms} and {@code until_ms} since the plan is in force;
 *   <li>what: {@code do}, one of the words of {@link Fault}, and its measures.
 * </ul>
 */
public final class FaultPlan {
  private static final int MAX_RULES = 10_000;
  private static final YAMLMapper YAML = new YAMLMapper();

  /** No faults. */
  public static final FaultPlan NONE =
      new FaultPlan(0, true, List.of(), JsonNodeFactory.instance.objectNode());

  private final long seed;
  private final boolean ordered;
  private final List<FaultRule> rules;
  private final JsonNode source;

  private FaultPlan(long seed, boolean ordered, List<FaultRule> rules, JsonNode source) {
    this.seed = seed;
    this.ordered = ordered;
    this.rules = rules;
    this.source = source;
  }

  /**
   * @throws BadPayload when it is no plan; names rule, field, value and what was expected
   */
  public static FaultPlan parse(String yamlOrJson) throws BadPayload {
    JsonNode tree = tree(yamlOrJson);
    return read(
        tree.isMissingNode() || tree.isNull() ? JsonNodeFactory.instance.objectNode() : tree);
  }

  /**
   * As {@link #parse}, from a file.
   *
   * @throws IOException when it cannot be read
   * @throws BadPayload when it is no plan; names the file too
   */
  public static FaultPlan load(Path file) throws IOException, BadPayload {
    try {
      return parse(Files.readString(file));
    } catch (BadPayload e) {
      throw new BadPayload("%s: %s".formatted(file, e.reason()));
    }
  }

  /** YAML or JSON as a tree. */
  public static JsonNode tree(String yamlOrJson) throws BadPayload {
    try {
      return YAML.readTree(yamlOrJson);
    } catch (JsonProcessingException e) {
      throw new BadPayload("neither YAML nor JSON: " + e.getOriginalMessage());
    }
  }

  /** As {@link #parse}, from a tree. */
  public static FaultPlan read(JsonNode tree) throws BadPayload {
    Fields plan = Fields.of("plan", tree);
    plan.only(List.of("seed", "ordered", "rules"));
    JsonNode list = plan.value("rules");
    List<FaultRule> rules = new ArrayList<>();
    if (list != null) {
      if (!list.isArray() || list.size() > MAX_RULES) {
        throw plan.bad("rules", list, "a list of at most %d rules".formatted(MAX_RULES));
      }
      for (JsonNode item : list) {
        Fields rule = Fields.of("rules[%d]".formatted(rules.size()), item);
        RuleCondition condition = RuleCondition.read(rule);
        rules.add(new FaultRule(condition, FaultReader.read(rule, condition.stage())));
      }
    }
    return new FaultPlan(
        plan.integer("seed", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
        plan.flag("ordered", true),
        List.copyOf(rules),
        tree);
  }

  /** One fault on its own, without the keys that say when. */
  public static Fault readFault(JsonNode tree) throws BadPayload {
    return FaultReader.read(Fields.of("fault", tree), null);
  }

  /** Number of rules. */
  public int size() {
    return rules.size();
  }

  /** True when answers wait for those with lower numbers, as they do on real servers. */
  public boolean ordered() {
    return ordered;
  }

  /** As it was written. */
  public JsonNode source() {
    return source;
  }

  /** All faults that strike this message, in the order of the rules. */
  public List<Fault> at(FaultContext faultContext) {
    List<Fault> faults = new ArrayList<>();
    for (int n = 0; n < rules.size(); n++) {
      SplittableRandom luck = luck(faultContext, n);
      if (rules.get(n).condition().matches(faultContext, luck.nextDouble())) {
        faults.add(drawn(rules.get(n).fault(), luck));
      }
    }
    return faults;
  }

  /** Fate of this fragment. */
  public FragmentFate fragment(FaultContext faultContext) {
    List<Fault> faults = at(faultContext);
    return faults.isEmpty() ? FragmentFate.NONE : FaultResolver.of(faults);
  }

  private static Fault drawn(Fault fault, SplittableRandom luck) {
    if (fault instanceof Fault.Delay delay && delay.jitterMs() > 0) {
      return new Fault.Delay(delay.ms() + luck.nextInt(delay.jitterMs() + 1), 0);
    }
    return fault;
  }

  private SplittableRandom luck(FaultContext faultContext, int rule) {
    long mixed = seed;
    mixed = mixed * 1_000_003 + faultContext.stream().hashCode();
    mixed = mixed * 1_000_003 + faultContext.session();
    mixed = mixed * 1_000_003 + faultContext.fragment();
    mixed =
        mixed * 1_000_003 + faultContext.stage().label().hashCode() + 31L * faultContext.attempt();
    return new SplittableRandom(mixed * 1_000_003 + rule);
  }

  @Override
  public String toString() {
    return "FaultPlan[%d rules]".formatted(rules.size());
  }
}
