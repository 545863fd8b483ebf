package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.media.TrackFormat;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import org.jspecify.annotations.Nullable;

/** One file or URL, written by the caller's own thread as fast as it takes the packets. */
final class DirectSink implements PacketSink, AutoCloseable {
  private final String url;
  private @Nullable Sink sink;
  private @Nullable OutputFormats begun;

  DirectSink(String url) {
    this.url = url;
  }

  @Override
  public void begin(OutputFormats formats) throws MediaException {
    Sink open = sink;
    TrackFormat video = formats.video();
    if (open != null && begun != null && video != null && begun.differsInVideoHeaders(formats)) {
      open.changeVideo(video);
      return;
    }
    if (open != null) {
      throw new MediaException(
          MediaException.Kind.UNSUPPORTED,
          "the source changes its codec, size or rate on the way; one file cannot hold both");
    }
    begun = formats.copy();
    sink =
        Sink.open(
            url, formats.video(), formats.audio(), SinkOptions.defaults(), new Sink.Opening());
  }

  @Override
  public void write(OutputPacket packet) throws MediaException {
    if (sink != null) {
      sink.write(packet.packet(), packet.ptsUs(), packet.dtsUs());
    }
  }

  /** Completes the file. */
  void finish() throws MediaException {
    if (sink != null) {
      sink.finish();
    }
  }

  @Override
  public void close() {
    if (sink != null) {
      sink.close();
      sink = null;
    }
    if (begun != null) {
      begun.close();
      begun = null;
    }
  }
}
