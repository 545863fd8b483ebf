package babelmux.meter;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_q2d;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;

/**
 * Every packet of a file as its container has it, nothing decoded.
 *
 * @param tracks in the order of the file
 * @param packets in the order of the file
 */
public record PacketLog(List<Track> tracks, List<Entry> packets) {
  /** Kind of media that a track carries. */
  public enum Kind {
    VIDEO,
    AUDIO,
    OTHER
  }

  /**
   * A track.
   *
   * @param headerSha256 hash of the codec's headers (extradata); the hash of nothing if there are
   *     none
   */
  public record Track(int index, Kind kind, String codec, String headerSha256) {}

  /**
   * A packet.
   *
   * @param track index of its track
   * @param ptsUs presentation time, {@link #UNKNOWN_US} if it has none
   * @param dtsUs decoding time, {@link #UNKNOWN_US} if it has none
   * @param size bytes of its payload
   * @param key whether decoding can start at it
   */
  public record Entry(
      int track, Kind kind, long ptsUs, long dtsUs, int size, boolean key, String sha256) {}

  public static final long UNKNOWN_US = Long.MIN_VALUE;

  /** Reads a file; some 200 bytes of memory a packet; blocks; any thread. */
  public static PacketLog read(Path file) throws IOException {
    try (MediaFile media = MediaFile.open(file)) {
      List<Entry> packets = new ArrayList<>();
      media.readAll((stream, packet) -> packets.add(entry(stream, packet)));
      List<Track> tracks = media.streams().stream().map(PacketLog::track).toList();
      return new PacketLog(tracks, List.copyOf(packets));
    }
  }

  /** The packets of one kind, in the order of the file. */
  public List<Entry> of(Kind kind) {
    return packets.stream().filter(packet -> packet.kind == kind).toList();
  }

  private static Track track(AVStream stream) {
    int size = stream.codecpar().extradata_size();
    byte[] header = Bytes.copy(stream.codecpar().extradata(), size);
    return new Track(
        stream.index(), kind(stream), MediaFile.codec(stream), Bytes.sha256(header, 0, size));
  }

  private static Entry entry(AVStream stream, AVPacket packet) {
    byte[] data = Bytes.copy(packet.data(), packet.size());
    return new Entry(
        stream.index(),
        kind(stream),
        us(stream, packet.pts()),
        us(stream, packet.dts()),
        data.length,
        (packet.flags() & AV_PKT_FLAG_KEY) != 0,
        Bytes.sha256(data, 0, data.length));
  }

  private static Kind kind(AVStream stream) {
    int type = stream.codecpar().codec_type();
    return type == AVMEDIA_TYPE_VIDEO
        ? Kind.VIDEO
        : type == AVMEDIA_TYPE_AUDIO ? Kind.AUDIO : Kind.OTHER;
  }

  private static long us(AVStream stream, long time) {
    return time == AV_NOPTS_VALUE
        ? UNKNOWN_US
        : Math.round(time * av_q2d(stream.time_base()) * 1e6);
  }
}
