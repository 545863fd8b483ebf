package babelmux.demo;

import java.util.List;

/**
 * Findings of the seven steps.
 *
 * @param origin which server ran
 * @param fixture what was published
 * @param publishedWith how
 * @param delayMs D
 * @param steps in their order
 * @param recording where the output was recorded
 */
public record Report(
    String origin,
    String fixture,
    String publishedWith,
    long delayMs,
    List<StepResult> steps,
    String recording) {
  public Report {
    steps = List.copyOf(steps);
  }

  /** True when every step holds. */
  public boolean ok() {
    return steps.stream().allMatch(StepResult::ok);
  }

  /** For a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("origin     ").append(origin).append('\n');
    text.append("fixture    ").append(fixture).append(", ").append(publishedWith).append('\n');
    text.append("delay      ").append(delayMs / 1000.0).append(" s\n");
    for (StepResult step : steps) {
      text.append(step.ok() ? "  ok    " : "  FAIL  ")
          .append(step.step())
          .append("  ")
          .append(step.title())
          .append('\n');
      step.measured()
          .forEach(
              (name, value) ->
                  text.append("            ").append(name).append(": ").append(value).append('\n'));
      if (!step.ok()) {
        text.append("            why: ").append(step.problem()).append('\n');
      }
    }
    text.append("recording  ").append(recording).append('\n');
    return text.toString();
  }
}
