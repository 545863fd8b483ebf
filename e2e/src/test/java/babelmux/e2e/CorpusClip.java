package babelmux.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a publisher sends, and when.
 *
 * @param tags in the order of sending, with the times that they carry
 * @param sentAtMs when each is sent, after the start; as long as {@code tags}
 */
record CorpusClip(List<FlvTag> tags, List<Long> sentAtMs) {
  private static final Path FOLDER =
      Path.of(System.getProperty("e2e.fixtures", "../fixtures"), "encoders");

  /** A clip of {@code fixtures/encoders} at its pace. */
  static CorpusClip of(String name) {
    return paced(read(name));
  }

  private static List<FlvTag> read(String name) {
    try {
      return FlvTag.read(FOLDER.resolve(name + ".flv"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CorpusClip paced(List<FlvTag> tags) {
    return new CorpusClip(tags, tags.stream().map(FlvTag::millis).toList());
  }

  /** The first of two clips up to a time, the second from there on, with its codec headers. */
  static CorpusClip joined(String first, String second, long atMs) {
    List<FlvTag> before =
        read(first).stream().filter(tag -> tag.isHeader() || tag.millis() < atMs).toList();
    List<FlvTag> after = read(second).stream().map(tag -> tag.at(tag.millis() + atMs)).toList();
    return paced(Stream.concat(before.stream(), after.stream()).toList());
  }

  /** Audio goes out so much earlier than video of the same time; later where negative. */
  CorpusClip withAudioAhead(long byMs) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < tags.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> sendAt(tags.get(i), byMs)));
    return new CorpusClip(
        order.stream().map(tags::get).toList(),
        order.stream().map(i -> sendAt(tags.get(i), byMs)).toList());
  }

  private static long sendAt(FlvTag tag, long byMs) {
    return tag.isHeader() ? 0 : Math.max(0, tag.millis() - (tag.isAudio() ? byMs : 0));
  }

  /**
   * The uplink stalls, then the keyframes and all audio of that time go out in one burst, as OBS
   * does: it drops the other frames.
   */
  CorpusClip stalled(long fromMs, long toMs) {
    List<FlvTag> kept =
        tags.stream()
            .filter(
                tag ->
                    !tag.isVideo()
                        || tag.isKeyframe()
                        || tag.millis() < fromMs
                        || isAfter(tag, toMs))
            .toList();
    return new CorpusClip(
        kept,
        kept.stream()
            .map(tag -> tag.millis() >= fromMs && tag.millis() < toMs ? toMs : tag.millis())
            .toList());
  }

  /** After a stall a decoder can go on only at the next keyframe. */
  private boolean isAfter(FlvTag tag, long toMs) {
    long key =
        tags.stream()
            .filter(other -> other.isKeyframe() && other.millis() >= toMs)
            .mapToLong(FlvTag::millis)
            .min()
            .orElse(toMs);
    return tag.millis() >= key;
  }

  /** A caption (SEI, registered user data of ATSC) stands in front of every H.264 frame. */
  CorpusClip withCaptions() {
    byte[] sei = {
      0,
      0,
      0,
      17,
      6,
      4,
      14,
      (byte) 0xb5,
      0,
      0x31,
      'G',
      'A',
      '9',
      '4',
      3,
      (byte) 0xc1,
      (byte) 0xff,
      (byte) 0xfc,
      (byte) 0x94,
      0x20,
      (byte) 0x80
    };
    return new CorpusClip(
        tags.stream()
            .map(
                tag ->
                    tag.isVideo() && !tag.isHeader() && tag.body()[1] == 1 ? with(tag, sei) : tag)
            .toList(),
        sentAtMs);
  }

  private static FlvTag with(FlvTag tag, byte[] unit) {
    byte[] body = Arrays.copyOf(tag.body(), tag.body().length + unit.length);
    System.arraycopy(unit, 0, body, 5, unit.length);
    System.arraycopy(tag.body(), 5, body, 5 + unit.length, tag.body().length - 5);
    return new FlvTag(tag.type(), tag.millis(), body);
  }

  /** Metadata again and again on the way: onMetaData, and data that only its sender understands. */
  CorpusClip withTimedData(List<FlvTag> data) {
    List<FlvTag> all = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < tags.size(); i++) {
      while (next < data.size() && data.get(next).millis() <= sentAtMs.get(i)) {
        all.add(data.get(next));
        times.add(data.get(next).millis());
        next++;
      }
      all.add(tags.get(i));
      times.add(sentAtMs.get(i));
    }
    return new CorpusClip(all, times);
  }

  /** The first audio packet. */
  FlvTag firstAudio() {
    return tags.stream().filter(tag -> tag.isAudio() && !tag.isHeader()).findFirst().orElseThrow();
  }
}
