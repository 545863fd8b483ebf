package babelmux.worker.readback;

import org.jspecify.annotations.Nullable;

/**
 * A reading of an output.
 *
 * @param check its result
 * @param reason why it failed, as the connection has it, without secrets; null when packets, or
 *     those that lack, tell it
 * @param ours whether the worker's own trouble kept it from reading, which passes
 */
public record Reading(OutputCheck check, @Nullable String reason, boolean ours) {
  /** One that the worker's own trouble did not keep from reading. */
  public Reading(OutputCheck check, @Nullable String reason) {
    this(check, reason, false);
  }

  /** What is wrong with "the output", a clause. */
  public String text() {
    return reason == null ? check.text() : "%s (%s)".formatted(check.text(), reason);
  }
}
