package babelmux.worker.streams;

/**
 * Something that is not as it should be, beside the streams that run.
 *
 * @param component {@code restore}, {@code posted} or {@code state-dir}
 * @param reason one sentence, redacted
 */
public record Trouble(String component, String reason) {}
