package babelmux.worker.output;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The counting fixture's packets as an output has them: from 3 s on. */
final class Film implements AutoCloseable {
  private static final long START_US = 3_000_000;

  private final Source source;
  private final OutputFormats formats;
  private final List<OutputPacket> packets = new ArrayList<>();

  Film() throws MediaException {
    source =
        Source.open(
            Path.of("..", "fixtures", "30s-counting-english.mp4").toString(),
            SourceOptions.defaults());
    formats = new OutputFormats(source.video(), source.audio()).copy();
    for (Packet next = source.read(); next != null; next = source.read()) {
      packets.add(new OutputPacket(next, next.ptsUs() + START_US, next.dtsUs() + START_US));
    }
  }

  OutputFormats formats() {
    return formats;
  }

  /** In decoding order; these stay the film's. */
  List<OutputPacket> packets() {
    return packets;
  }

  @Override
  public void close() {
    packets.forEach(OutputPacket::close);
    formats.close();
    source.close();
  }
}
