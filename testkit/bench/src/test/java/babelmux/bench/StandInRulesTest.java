package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.drill.FaultPlan;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StandInRulesTest {

  @Test
  void theStandInUnderstandsEachFaultThatItIsToMake() throws Exception {
    Map<String, SoakFault> faults = new TreeMap<>();
    Arrays.stream(SoakFault.values())
        .filter(SoakFault::needsStandIn)
        .forEach(fault -> faults.put("of-" + fault.name(), fault));
    assertThat(faults).hasSize(6);
    assertThat(FaultPlan.parse(StandInRules.plan(faults)).size()).isEqualTo(6);
  }

  @Test
  void noFaultIsAPlan() throws Exception {
    assertThat(FaultPlan.parse(StandInRules.plan(Map.of())).size()).isZero();
  }
}
