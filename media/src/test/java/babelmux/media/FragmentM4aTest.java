package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentM4aTest {
  @Test
  void aFragmentOfTheSourcesOwnPacketsIsTheSegmentToTheSample() throws Exception {
    Sound tone = Tone.of(997, 48_000 * 8, 48_000, 2);
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000)) {
      List<AacEncoder.Encoded> coded = new java.util.ArrayList<>();
      for (int at = 0; at + 1024 <= tone.frames(); at += 1024) {
        coded.addAll(encoder.encode(tone.slice(at, at + 1024), at));
      }
      // Frames start at -1024, 0, 1024...; the segment begins within the frame that starts at 2048.
      int segmentStart = 2048 + 100;
      int length = 288_000;
      int first = 3 - 1;
      int last = 1 + (segmentStart + length - 1) / 1024;
      List<Packet> packets =
          coded.subList(first, last + 1).stream().map(AacEncoder.Encoded::packet).toList();
      int skip = (int) (segmentStart - coded.get(first).startSample());
      byte[] m4a = FragmentM4a.of(packets, encoder.format(), skip, length, 1024);

      Sound back = AudioClipDecoder.decode(m4a, new AudioClipHint("m4a", 48_000, 2, 1_000_000));
      assertThat(back.frames()).isEqualTo(length);
      assertThat(Tone.differenceDb(tone.slice(segmentStart, segmentStart + length), back, 0))
          .isLessThan(-50);
      coded.forEach(frame -> frame.packet().close());
    }
    assertThat(Natives.live()).isZero();
  }
}
