package babelmux.worker.streams;

import babelmux.worker.metrics.RefusalReason;

/**
 * What a new stream is refused for.
 *
 * @param message one sentence with the numbers
 */
record Shortage(RefusalReason reason, String message) {}
