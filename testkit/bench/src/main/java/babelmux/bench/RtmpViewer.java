package babelmux.bench;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads packets over RTMP without decoding them. */
final class RtmpViewer extends SoakViewer {
  private static final SourceOptions OPTIONS =
      new SourceOptions(Duration.ofSeconds(10), Duration.ofSeconds(60));
  private static final long GAP_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long AGAIN_MILLIS = 500;

  private final String url;
  private volatile @Nullable Source open;

  private RtmpViewer(String url) {
    super("rtmp-viewer", AGAIN_MILLIS, GAP_NANOS);
    this.url = url;
  }

  static RtmpViewer start(String url) {
    RtmpViewer viewer = new RtmpViewer(url);
    viewer.begin();
    return viewer;
  }

  @Override
  void watch() throws MediaException, InterruptedException {
    try (Source source = Source.open(url, OPTIONS)) {
      open = source;
      while (!isClosed()) {
        try (Packet packet = source.read()) {
          if (packet == null) {
            return;
          }
          count(packet.size());
          sawSomethingNew();
        }
      }
    } finally {
      open = null;
    }
  }

  @Override
  void hangUp() {
    Source source = open;
    if (source != null) {
      source.interrupt();
    }
  }
}
