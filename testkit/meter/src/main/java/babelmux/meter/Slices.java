package babelmux.meter;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVStream;

/**
 * The slices (VCL NAL units) of an H.264 or HEVC track, in the order of decoding, each as its hash:
 * what must not change between a source and what a viewer gets, whichever containers it passed.
 */
public final class Slices {
  /**
   * One slice.
   *
   * @param packet the packet that it is in, counted from 0 within the track
   * @param key whether it belongs to a picture that decoding can start at
   */
  public record Slice(String sha256, int packet, boolean key) {}

  /**
   * The recording's slices beside the source's.
   *
   * @param equal every slice of the recording from its first keyframe on is the source's next one
   * @param sourceStart index of the source's slice that the recording's first key slice is, -1 if
   *     the source has none
   * @param recordingStart index of the recording's first key slice, -1 if it has none
   * @param matched slices equal from there on
   * @param firstDifference index in the recording of the first slice that differs, -1 if none does
   * @param sourceLeft slices of the source after the last one that was compared
   */
  public record Comparison(
      boolean equal,
      int sourceStart,
      int recordingStart,
      int matched,
      int firstDifference,
      int sourceLeft) {}

  private final List<Slice> slices;

  Slices(List<Slice> slices) {
    this.slices = List.copyOf(slices);
  }

  /**
   * Reads a file; blocks; any thread. Throws if it has no H.264 or HEVC track or its NAL units are
   * damaged.
   */
  public static Slices read(Path file) throws IOException {
    try (MediaFile media = MediaFile.open(file)) {
      AVStream video = media.video();
      if (video == null) {
        throw new IOException(file + ": no picture");
      }
      int codec = video.codecpar().codec_id();
      if (codec != AV_CODEC_ID_H264 && codec != AV_CODEC_ID_HEVC) {
        throw new IOException(file + ": expected h264 or hevc, found " + MediaFile.codec(video));
      }
      NalUnits units = NalUnits.of(video, codec == AV_CODEC_ID_HEVC);
      List<Slice> slices = new ArrayList<>();
      int[] packets = {0};
      media.readAll(
          (stream, packet) -> {
            if (stream.index() == video.index()) {
              byte[] data = Bytes.copy(packet.data(), packet.size());
              for (NalUnits.Unit unit : units.split(data)) {
                if (units.isSlice(data, unit)) {
                  slices.add(
                      new Slice(
                          Bytes.sha256(data, unit.from(), unit.length()),
                          packets[0],
                          units.isKey(data, unit)));
                }
              }
              packets[0]++;
            }
          });
      return new Slices(slices);
    }
  }

  public List<Slice> all() {
    return slices;
  }

  /** Compares a recording with its source: this is the recording. */
  public Comparison comparedTo(Slices source) {
    int recordingStart = firstKey();
    int sourceStart = recordingStart < 0 ? -1 : source.indexOf(slices.get(recordingStart));
    if (sourceStart < 0) {
      return new Comparison(
          false, -1, recordingStart, 0, Math.max(0, recordingStart), source.slices.size());
    }
    int matched = 0;
    while (recordingStart + matched < slices.size()
        && sourceStart + matched < source.slices.size()
        && sameAt(source, recordingStart + matched, sourceStart + matched)) {
      matched++;
    }
    boolean equal = recordingStart + matched == slices.size();
    return new Comparison(
        equal,
        sourceStart,
        recordingStart,
        matched,
        equal ? -1 : recordingStart + matched,
        source.slices.size() - sourceStart - matched);
  }

  private boolean sameAt(Slices source, int here, int there) {
    return slices.get(here).sha256.equals(source.slices.get(there).sha256);
  }

  private int firstKey() {
    for (int i = 0; i < slices.size(); i++) {
      if (slices.get(i).key) {
        return i;
      }
    }
    return -1;
  }

  private int indexOf(Slice slice) {
    for (int i = 0; i < slices.size(); i++) {
      if (slices.get(i).sha256.equals(slice.sha256)) {
        return i;
      }
    }
    return -1;
  }
}
