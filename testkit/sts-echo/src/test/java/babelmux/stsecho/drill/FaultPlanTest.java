package babelmux.stsecho.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.stsecho.payload.BadPayload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {
  private static FaultContext fragment(String stream, int session, int number) {
    return new FaultContext(Stage.FRAGMENT, stream, session, number, 0, 0);
  }

  private static List<Integer> struck(String rule, int count) throws BadPayload {
    FaultPlan plan = FaultPlan.parse("rules: [{" + rule + "}]");
    return IntStream.range(0, count)
        .filter(n -> !plan.at(fragment("demo", 0, n)).isEmpty())
        .boxed()
        .toList();
  }

  @Test
  void fragmentsAreChosenByNumberRangeStepAndList() throws BadPayload {
    assertThat(struck("do: drop", 3)).containsExactly(0, 1, 2);
    assertThat(struck("fragment: 2, do: drop", 5)).containsExactly(2);
    assertThat(struck("fragment: 1..3, do: drop", 6)).containsExactly(1, 2, 3);
    assertThat(struck("fragment: 4.., do: drop", 7)).containsExactly(4, 5, 6);
    assertThat(struck("fragment: every 3, do: drop", 9)).containsExactly(2, 5, 8);
    assertThat(struck("fragment: [0, 5.., every 2], do: drop", 7)).containsExactly(0, 1, 3, 5, 6);
  }

  @Test
  void rulesAreForStreamsSessionsAndTimes() throws BadPayload {
    FaultPlan plan =
        FaultPlan.parse(
            """
            rules:
              - {stream: "live-*", session: 1, do: drop}
              - {stream: demo, from_ms: 1000, until_ms: 2000, do: no_ack}
            """);
    assertThat(plan.at(fragment("live-7", 1, 0))).containsExactly(new Fault.Drop());
    assertThat(plan.at(fragment("live-7", 0, 0))).isEmpty();
    assertThat(plan.at(fragment("dead", 1, 0))).isEmpty();
    assertThat(plan.at(new FaultContext(Stage.FRAGMENT, "demo", 0, 0, 0, 999))).isEmpty();
    assertThat(plan.at(new FaultContext(Stage.FRAGMENT, "demo", 0, 0, 0, 1000))).hasSize(1);
    assertThat(plan.at(new FaultContext(Stage.FRAGMENT, "demo", 0, 0, 0, 2000))).isEmpty();
    assertThat(plan.at(new FaultContext(Stage.END, "demo", 0, 0, 0, 1500))).isEmpty();
  }

  @Test
  void chanceAndJitterAreTheSameEachTimeAndOtherWithAnotherSeed() throws BadPayload {
    String rules = ", rules: [{chance: 0.3, do: delay, ms: 100, jitter_ms: 500}]}";
    FaultPlan one = FaultPlan.parse("{seed: 1" + rules);
    FaultPlan same = FaultPlan.parse("{seed: 1" + rules);
    FaultPlan other = FaultPlan.parse("{seed: 2" + rules);
    List<List<Fault>> drawn = draw(one, 2000);
    assertThat(drawn).isEqualTo(draw(one, 2000)).isEqualTo(draw(same, 2000));
    assertThat(drawn).isNotEqualTo(draw(other, 2000));
    assertThat(drawn.stream().filter(faults -> !faults.isEmpty()).count()).isBetween(500L, 700L);
    List<Integer> delays =
        drawn.stream().flatMap(List::stream).map(f -> ((Fault.Delay) f).ms()).toList();
    assertThat(delays).allMatch(ms -> ms >= 100 && ms <= 600);
    assertThat(delays.stream().mapToInt(Integer::intValue).average().getAsDouble())
        .isBetween(320.0, 380.0);
  }

  private static List<List<Fault>> draw(FaultPlan plan, int count) {
    return IntStream.range(0, count).mapToObj(n -> plan.at(fragment("demo", 0, n))).toList();
  }

  @Test
  void faultsOfOneFragmentAddUpToItsFate() throws BadPayload {
    FragmentFate fate =
        FaultPlan.parse(
                """
                rules:
                  - {do: delay, ms: 100}
                  - {do: delay, ms: 50}
                  - {do: duplicate, times: 3}
                  - {do: no_ack}
                  - {do: audio, mode: wav}
                  - {do: backpressure}
                  - {do: disconnect, at: mid_answer}
                """)
            .fragment(fragment("demo", 0, 0));
    assertThat(fate.delayMs(8000)).isEqualTo(150);
    assertThat(fate.copies()).isEqualTo(3);
    assertThat(fate.acknowledged()).isFalse();
    assertThat(fate.beside())
        .containsExactly(new Fault.Backpressure("high", "pause", null, -1, false));
    assertThat(fate.disconnectsAt(Fault.Point.MID_ANSWER)).isTrue();
    assertThat(fate.applied()).hasSize(7);
  }

  @Test
  void lateIsCountedFromTheLimitOfTheClient() throws BadPayload {
    FragmentFate fate =
        FaultPlan.parse("rules: [{do: late, ms: 700}]").fragment(fragment("demo", 0, 0));
    assertThat(fate.delayMs(8000)).isEqualTo(8700);
    assertThat(fate.delayMs(1000)).isEqualTo(1700);
  }

  @Test
  void aScriptIsReadFromAFileAndNamedWhenItIsBad(@TempDir Path folder) throws Exception {
    Path good = Files.writeString(folder.resolve("good.yaml"), "rules: [{do: drop}]");
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "rules: [{do: boom}]");
    assertThat(FaultPlan.load(good).size()).isEqualTo(1);
    assertThatThrownBy(() -> FaultPlan.load(bad)).hasMessageContaining("bad.yaml: rules[0].do");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "rules: []", "{\"seed\": 4, \"rules\": []}"})
  void anEmptyPlanStrikesNothing(String text) throws BadPayload {
    assertThat(FaultPlan.parse(text).fragment(fragment("demo", 0, 0))).isEqualTo(FragmentFate.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules: 5 | plan.rules: 5, expected a list",
        "[1] | plan: [1], expected an object",
        "rulez: [] | plan.rulez: unknown, expected one of seed, ordered, rules",
        "rules: [{do: explode}] | rules[0].do: 'explode', expected one of audio, backpressure",
        "rules: [{do: drop}, {fragment: 1}] | rules[1].do: missing",
        "rules: [{do: drop, ms: 4}] | rules[0].ms: unknown",
        "rules: [{do: delay, ms: -4}] | rules[0].ms: -4, expected an integer from 0",
        "rules: [{do: delay, ms: soon}] | rules[0].ms: \"soon\", expected an integer",
        "rules: [{do: drop, fragment: many}] | rules[0].fragment: \"many\", expected a number",
        "rules: [{do: drop, fragment: every 0}] | rules[0].fragment",
        "rules: [{do: drop, chance: 2}] | rules[0].chance: 2, expected a number from 0.0 to 1.0",
        "rules: [{do: drop, stage: middle}] | rules[0].stage: 'middle', expected one of connect",
        "rules: [{do: late, stage: end}] | rules[0].do: 'late' does not go with stage 'end'",
        "rules: [{do: audio, mode: loud}] | rules[0].mode: 'loud', expected one of same, m4a",
        "rules: [{do: audio}] | rules[0].mode: missing, expected a string",
        "rules: [{do: patch}] | rules[0].fields: missing, expected an object",
        "rules: [{do: error}] | rules[0].code: missing, expected a string",
        "'{rules: [' | neither YAML nor JSON",
      })
  void aBadPlanIsRefusedWithRuleFieldValueAndExpectation(String text, String message) {
    assertThatThrownBy(() -> FaultPlan.parse(text))
        .isInstanceOf(BadPayload.class)
        .hasMessageContaining(message);
  }
}
