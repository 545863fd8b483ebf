package babelmux.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what a step finds out. Not thread-safe. */
final class StepBuilder {
  private final int step;
  private final String title;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Object> measured = new LinkedHashMap<>();

  StepBuilder(int step, String title) {
    this.step = step;
    this.title = title;
  }

  StepBuilder measure(String name, Object value) {
    measured.put(name, value);
    return this;
  }

  StepBuilder require(boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
    return this;
  }

  StepResult done() {
    return new StepResult(step, title, problems.isEmpty(), String.join("; ", problems), measured);
  }
}
