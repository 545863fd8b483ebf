package babelmux.app.doctor;

import static java.util.Objects.requireNonNull;

import babelmux.media.AacEncoder;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Four seconds of grey H.264 and silent AAC, made in the process. One thread; whoever makes it
 * closes it.
 */
final class TestClip implements AutoCloseable {
  static final long LENGTH_US = 4_000_000;

  private static final int RATE = 48_000;
  private static final int BITRATE = 64_000;

  /**
   * A packet and its time.
   *
   * @param us from the clip's beginning, microseconds
   */
  record Timed(Packet packet, long us) {}

  private final AacEncoder encoder = new AacEncoder(RATE, 2, BITRATE);
  private final List<Timed> packets = new ArrayList<>();
  private TrackFormat video;

  /**
   * @throws IOException when the folder for temporary files takes nothing
   */
  @SuppressWarnings("NullAway.Init") // read() sets the video, or throws
  TestClip() throws IOException {
    boolean made = false;
    try {
      read();
      encode();
      packets.sort(Comparator.comparingLong(Timed::us));
      made = true;
    } finally {
      if (!made) {
        close();
      }
    }
  }

  private void read() throws IOException {
    Path file = Files.createTempFile("babelmux-doctor", ".flv");
    try {
      int frames = (int) (LENGTH_US / 1_000_000 * GrayVideo.FRAMES_PER_SECOND);
      Files.write(file, GrayVideo.flv(frames));
      try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
        Packet packet = source.read();
        while (packet != null) {
          packets.add(new Timed(packet, packet.dtsUs()));
          packet = source.read();
        }
        video = requireNonNull(source.video()).copy();
      }
    } finally {
      Files.delete(file);
    }
  }

  private void encode() throws MediaException {
    long samples = LENGTH_US / 1000 * RATE / 1000;
    for (long at = 0; at < samples; at += AacEncoder.FRAME_SAMPLES) {
      Sound silence = Sound.silence(2, AacEncoder.FRAME_SAMPLES, RATE);
      for (AacEncoder.Encoded coded : encoder.encode(silence, at)) {
        packets.add(new Timed(coded.packet(), Math.max(0, at * 1_000_000 / RATE)));
      }
    }
  }

  TrackFormat video() {
    return video;
  }

  TrackFormat audio() {
    return encoder.format();
  }

  /** In the order of their times. */
  List<Timed> packets() {
    return packets;
  }

  @Override
  public void close() {
    packets.forEach(timed -> timed.packet().close());
    packets.clear();
    if (video != null) {
      video.close();
    }
    encoder.close();
  }
}
