package babelmux.worker.streams;

import org.jspecify.annotations.Nullable;

/**
 * The wish to hear the original instead of the dubs, or the dubs again.
 *
 * @param bypass whether the original is wanted
 * @param atMs output time, milliseconds; null for at once, which takes back what is scheduled
 */
public record BypassRequest(boolean bypass, @Nullable Long atMs) {
  private static final long MAX_MS = Long.MAX_VALUE / 4000;

  /** Its time, microseconds; of a time that no stream reaches, one that none reaches either. */
  static long micros(long atMs) {
    return Math.max(-MAX_MS, Math.min(MAX_MS, atMs)) * 1000;
  }
}
