package babelmux.worker.readback;

import org.jspecify.annotations.Nullable;

/**
 * A reading of an output.
 *
 * @param check its result
 * @param reason why it failed, as the connection has it, without secrets; null when packets, or
 *     those that lack, tell it
 */
public record Reading(OutputCheck check, @Nullable String reason) {

  /** What is wrong with "the output", a clause. */
  public String text() {
    return reason == null ? check.text() : "%s (%s)".formatted(check.text(), reason);
  }
}
