package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRoundTripTest {
  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  @Test
  void whatASinkWritesASourceReads() throws Exception {
    Path file = folder.resolve("tone.mp4");
    Sound tone = Tone.of(1000, 48_000, 48_000, 2);
    List<byte[]> written = new ArrayList<>();
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        Sink sink =
            Sink.open(
                file.toString(),
                null,
                encoder.format(),
                SinkOptions.defaults(),
                new Sink.Opening())) {
      List<AacEncoder.Encoded> coded = new ArrayList<>();
      for (int at = 0; at < tone.frames(); at += 1024) {
        coded.addAll(encoder.encode(tone.slice(at, Math.min(tone.frames(), at + 1024)), at));
      }
      coded.addAll(encoder.finish());
      for (AacEncoder.Encoded frame : coded) {
        long us = Math.floorDiv(frame.startSample() * 1_000_000 + 24_000, 48_000);
        sink.write(frame.packet(), us, us);
        written.add(frame.packet().bytes());
        frame.packet().close();
      }
      sink.finish();
    }

    List<byte[]> read = new ArrayList<>();
    List<Sound> pieces = new ArrayList<>();
    try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
      assertThat(source.video()).isNull();
      TrackFormat audio = source.audio();
      assertThat(audio).isNotNull();
      assertThat(audio.toString()).isEqualTo("aac 48000 Hz 2 ch");
      try (AudioStreamDecoder decoder = new AudioStreamDecoder(audio)) {
        int skipped = 0;
        long at = 0;
        for (Packet packet = source.read(); packet != null; packet = source.read()) {
          skipped += packet.skipSamples();
          read.add(packet.bytes());
          assertThat(decoder.decode(packet, at, (start, sound) -> pieces.add(sound))).isTrue();
          at += 1024;
          packet.close();
        }
        assertThat(skipped).isEqualTo(1024);
      }
    }
    assertThat(read).usingElementComparator(java.util.Arrays::compare).isEqualTo(written);
    assertThat(pieces.stream().mapToInt(Sound::frames).sum()).isGreaterThanOrEqualTo(48_000 + 1024);
  }

  @Test
  void whatIsNotMediaIsRefusedWithItsName() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.mp4"), "this is no film");
    assertThatThrownBy(() -> Source.open(file.toString(), SourceOptions.defaults()))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("notes.mp4");
    assertThatThrownBy(
            () -> Source.open(folder.resolve("none.mp4").toString(), SourceOptions.defaults()))
        .hasMessageContaining("No such file");
  }

  @Test
  void credentialsDoNotReachAMessage() {
    assertThatThrownBy(
            () ->
                Source.open(
                    "rtmp://127.0.0.1:1/live/x/in?user=joe&pass=hunter2", SourceOptions.defaults()))
        .isInstanceOf(MediaException.class)
        .hasMessageNotContaining("hunter2")
        .hasMessageContaining("Connection refused");
  }
}
