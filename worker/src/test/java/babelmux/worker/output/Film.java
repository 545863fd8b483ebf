package babelmux.worker.output;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file's packets as an output has them: the counting fixture's from 3 s on, unless told. */
public final class Film implements AutoCloseable {
  private static final long START_US = 3_000_000;

  private final Source source;
  private final OutputFormats formats;
  private final List<OutputPacket> packets = new ArrayList<>();

  public Film() throws MediaException {
    this(Path.of("..", "fixtures", "30s-counting-english.mp4"), START_US);
  }

  public Film(Path file, long startUs) throws MediaException {
    source = Source.open(file.toString(), SourceOptions.defaults());
    formats = new OutputFormats(source.video(), source.audio()).copy();
    for (Packet next = source.read(); next != null; next = source.read()) {
      packets.add(new OutputPacket(next, next.ptsUs() + startUs, next.dtsUs() + startUs));
    }
  }

  public OutputFormats formats() {
    return formats;
  }

  /** In decoding order; these stay the film's. */
  public List<OutputPacket> packets() {
    return packets;
  }

  @Override
  public void close() {
    packets.forEach(OutputPacket::close);
    formats.close();
    source.close();
  }
}
