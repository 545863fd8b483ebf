package babelmux.worker.output;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The formats that a destination or recording holds: those of the output now, and all that a queued
 * packet or the connection or file may still need. Not thread-safe. Whoever made it calls {@link
 * #close}.
 */
public final class KeptFormats implements AutoCloseable {
  private final List<OutputFormats> kept = new ArrayList<>();
  private @Nullable OutputFormats current;
  private @Nullable OutputFormats connected;

  /** What the output carries now; null before it has begun. */
  public @Nullable OutputFormats current() {
    return current;
  }

  /** The output goes on with these. Owned from now on. */
  public void next(OutputFormats formats, PacketQueue queue) {
    current = formats;
    kept.add(formats);
    closeUnused(queue);
  }

  /** The connection or file needs these; null when there is none. */
  public void connected(@Nullable OutputFormats formats) {
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

  @Override
  public void close() {
    kept.forEach(OutputFormats::close);
    kept.clear();
    current = null;
    connected = null;
  }
}
