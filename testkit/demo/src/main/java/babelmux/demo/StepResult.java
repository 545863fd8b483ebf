package babelmux.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One of the seven steps.
 *
 * @param step 0 to 6
 * @param title what it must show
 * @param ok whether it did
 * @param problem what was wrong; empty when nothing was
 * @param measured names with units, and values
 */
public record StepResult(
    int step, String title, boolean ok, String problem, Map<String, Object> measured) {
  public StepResult {
    measured = new LinkedHashMap<>(measured);
  }
}
