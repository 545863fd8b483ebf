package babelmux.worker.output;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The formats that a destination holds: those of the output now, and all that a queued packet or
 * the connection may still need. Not thread-safe. Whoever made it calls {@link #close}.
 */
final class KeptFormats {
  private final List<OutputFormats> kept = new ArrayList<>();
  private @Nullable OutputFormats current;
  private @Nullable OutputFormats connected;

  /** What the output carries now; null before it has begun. */
  @Nullable OutputFormats current() {
    return current;
  }

  /** The output goes on with these. Owned from now on. */
  void next(OutputFormats formats, PacketQueue queue) {
    current = formats;
    kept.add(formats);
    closeUnused(queue);
  }

  /** The connection needs these; null when there is none. */
  void connected(@Nullable OutputFormats formats) {
    connected = formats;
  }

  private void closeUnused(PacketQueue queue) {
    kept.removeIf(
        old -> {
          boolean unused = !old.equals(current) && !old.equals(connected) && !queue.uses(old);
          if (unused) {
            old.close();
          }
          return unused;
        });
  }

  void close() {
    kept.forEach(OutputFormats::close);
    kept.clear();
    current = null;
    connected = null;
  }
}
