package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** FLV files whose tags have the times that a test wants: muxers refuse most of them. */
final class FlvFile {
  private static final int VIDEO = 9;
  private static final int DATA = 18;

  private FlvFile() {}

  /**
   * A tag. Its times are milliseconds.
   *
   * @param dts the tag's own time
   */
  record Tag(int type, long dts, byte[] body) {
    boolean isVideo() {
      return type == VIDEO;
    }

    /** Codec headers or metadata. */
    boolean isHeader() {
      boolean hasHeaders = isVideo() ? (body[0] & 0x0f) == 7 : (body[0] & 0xf0) == 0xa0;
      return type == DATA || (hasHeaders && body[1] == 0);
    }

    boolean isKeyframe() {
      return isVideo() && (body[0] & 0x70) == 0x10;
    }

    /** H.264 only. */
    long pts() {
      int offset = (body[2] << 16) | (body[3] & 0xff) << 8 | (body[4] & 0xff);
      return isVideo() && !isHeader() ? dts + offset : dts;
    }

    /** The same packet at other times. */
    Tag at(long newPts, long newDts) {
      byte[] changed = body.clone();
      if (isVideo()) {
        long offset = newPts - newDts;
        changed[2] = (byte) (offset >> 16);
        changed[3] = (byte) (offset >> 8);
        changed[4] = (byte) offset;
      }
      return new Tag(type, newDts, changed);
    }
  }

  /** The first seconds of a film of H.264 and AAC, as tags. */
  static List<Tag> tags(Path film, Path folder, double seconds) throws IOException, MediaException {
    Path flv = folder.resolve("plain.flv");
    List<Packet> packets = new ArrayList<>();
    try (Source source = Source.open(film.toString(), SourceOptions.defaults())) {
      for (Packet packet = source.read(); packet != null; packet = source.read()) {
        packets.add(packet);
      }
      packets.removeIf(packet -> packet.dtsUs() > seconds * 1_000_000 && close(packet));
      write(flv, source.video(), source.audio(), packets);
    } finally {
      packets.forEach(Packet::close);
    }
    List<Tag> tags = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(flv)).position(13);
    while (in.hasRemaining()) {
      int head = in.getInt();
      int time = in.getInt();
      in.position(in.position() + 3);
      byte[] body = new byte[head & 0xffffff];
      in.get(body);
      in.getInt();
      tags.add(new Tag(head >>> 24, (time >>> 8) | (time & 0xffL) << 24, body));
    }
    return tags;
  }

  private static boolean close(Packet packet) {
    packet.close();
    return true;
  }

  private static void write(
      Path flv, @Nullable TrackFormat video, @Nullable TrackFormat audio, List<Packet> packets)
      throws MediaException {
    try (Sink sink =
        Sink.open(flv.toString(), video, audio, SinkOptions.defaults(), new Sink.Opening())) {
      for (Packet packet : packets) {
        sink.write(packet, packet.ptsUs() + 1_000_000, packet.dtsUs() + 1_000_000);
      }
      sink.finish();
    }
  }

  static Path write(Path file, List<Tag> tags) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0});
    for (Tag tag : tags) {
      out.writeInt(tag.type() << 24 | tag.body().length);
      out.writeInt((int) (tag.dts() << 8 | (tag.dts() >> 24 & 0xff)));
      out.write(new byte[3]);
      out.write(tag.body());
      out.writeInt(tag.body().length + 11);
    }
    return Files.write(file, bytes.toByteArray());
  }

  /** PTS and DTS of a track's packets, microseconds. */
  record Times(long ptsUs, long dtsUs) {}

  static List<Times> times(Path file, TrackKind kind) throws MediaException {
    List<Times> times = new ArrayList<>();
    try (Source source = Source.open(Objects.toString(file), SourceOptions.defaults())) {
      for (Packet packet = source.read(); packet != null; packet = source.read()) {
        try (Packet read = packet) {
          if (read.kind() == kind) {
            times.add(new Times(read.ptsUs(), read.dtsUs()));
          }
        }
      }
    }
    return times;
  }
}
