package babelmux.bench;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A viewer of a path that notes every picture and when it came, and connects again when the path
 * ends. Has a thread of its own; whoever started it closes it.
 */
final class PictureTap implements AutoCloseable {
  private static final SourceOptions OPTIONS =
      new SourceOptions(Duration.ofSeconds(10), Duration.ofSeconds(60));
  private static final long AGAIN_MILLIS = 100;
  private static final long CLOSE_SECONDS = 5;

  /**
   * A picture.
   *
   * @param connection the viewer's, from 0
   * @param sha256 of its packet
   * @param dtsUs as it came
   */
  record Seen(int connection, String sha256, long dtsUs, boolean key, long arrivalNanos) {}

  private final String url;
  private final List<Seen> pictures = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Source open;

  private PictureTap(String url, String name) {
    this.url = url;
    this.thread = new Thread(this::run, "tap-" + name);
    thread.setDaemon(true);
  }

  static PictureTap start(String url, String name) {
    PictureTap tap = new PictureTap(url, name);
    tap.thread.start();
    return tap;
  }

  /** All pictures until now, in the order in which they came. */
  List<Seen> pictures() {
    return List.copyOf(pictures);
  }

  private void run() {
    int connection = 0;
    try {
      while (!closed) {
        int before = pictures.size();
        read(connection);
        connection += pictures.size() > before ? 1 : 0;
        Thread.sleep(AGAIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(int connection) throws InterruptedException {
    try (Source source = Source.open(url, OPTIONS)) {
      open = source;
      for (Packet packet = closed ? null : source.read(); packet != null; packet = source.read()) {
        long arrival = System.nanoTime();
        try (Packet read = packet) {
          if (read.kind() == TrackKind.VIDEO) {
            pictures.add(new Seen(connection, sha(read), read.dtsUs(), read.key(), arrival));
          }
        }
      }
    } catch (MediaException e) {
      // Not there, or there no more: tried again.
    } finally {
      open = null;
    }
  }

  private static String sha(Packet packet) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(packet.bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    Source source = open;
    if (source != null) {
      source.interrupt();
    }
    try {
      TimeUnit.SECONDS.timedJoin(thread, CLOSE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
