package babelmux.origin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 127, 4096, 100_000})
  void messagesSurviveAnyCutOfTheByteStream(int piece) throws RtmpProtocolException {
    Random random = new Random(7);
    List<RtmpMessage> sent = new ArrayList<>();
    List<Byte> wire = new ArrayList<>();
    long[] times = {0, 5, 0xFFFFFE, 0xFFFFFF, 0x1000000, 0x7FFFFFFFL, 0xFFFFFFFFL};
    int[] lengths = {0, 1, 127, 128, 129, 5000};
    for (long time : times) {
      for (int length : lengths) {
        byte[] body = new byte[length];
        random.nextBytes(body);
        RtmpMessage message = new RtmpMessage(9, 6, 1, time, body);
        sent.add(message);
        for (byte b : ChunkWriter.encode(message, 128)) {
          wire.add(b);
        }
      }
    }
    ChunkReader reader = new ChunkReader();
    List<RtmpMessage> got = new ArrayList<>();
    for (int at = 0; at < wire.size(); at += piece) {
      byte[] bytes = new byte[Math.min(piece, wire.size() - at)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = wire.get(at + i);
      }
      reader.feed(bytes);
      for (RtmpMessage m = reader.next(); m != null; m = reader.next()) {
        got.add(m);
      }
    }
    assertThat(got).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(got.get(i).timestampMs()).isEqualTo(sent.get(i).timestampMs());
      assertThat(got.get(i).body()).isEqualTo(sent.get(i).body());
      assertThat(got.get(i).type()).isEqualTo(9);
      assertThat(got.get(i).streamId()).isEqualTo(1);
    }
  }

  @Test
  void chunkStreamsOfTwoAndThreeBytesAreUnderstood() throws RtmpProtocolException {
    ChunkReader reader = new ChunkReader();
    reader.feed(new byte[] {0, 10, 0, 0, 9, 0, 0, 1, 8, 1, 0, 0, 0, 42});
    reader.feed(new byte[] {1, 1, 1, 0, 0, 9, 0, 0, 1, 8, 1, 0, 0, 0, 43});
    assertThat(next(reader).chunkStreamId()).isEqualTo(74);
    assertThat(next(reader).chunkStreamId()).isEqualTo(64 + 1 + 256);
  }

  @Test
  void interleavedMessagesArePutTogether() throws RtmpProtocolException {
    byte[] sound = ChunkWriter.encode(new RtmpMessage(8, 4, 1, 10, bytes(200, 1)), 128);
    byte[] picture = ChunkWriter.encode(new RtmpMessage(9, 6, 1, 11, bytes(200, 2)), 128);
    ChunkReader reader = new ChunkReader();
    reader.feed(Arrays.copyOfRange(sound, 0, 140));
    reader.feed(Arrays.copyOfRange(picture, 0, 140));
    reader.feed(Arrays.copyOfRange(sound, 140, sound.length));
    reader.feed(Arrays.copyOfRange(picture, 140, picture.length));
    assertThat(next(reader).body()).isEqualTo(bytes(200, 1));
    assertThat(next(reader).body()).isEqualTo(bytes(200, 2));
  }

  @Test
  void badHeadersAreRefusedWithAReason() {
    assertRefused(new byte[] {(byte) 0xC5}, "received type 3 chunk without previous chunk");
    assertRefused(new byte[] {0x45, 0, 0, 0, 0, 0, 1, 8}, "received type 1 chunk without");
    assertRefused(
        new byte[] {4, 0, 0, 0, (byte) 0xA1, 0, 0, 9, 1, 0, 0, 0}, "exceeds maximum (10485760)");
    byte[] unfinished = Arrays.copyOf(new byte[] {4, 0, 0, 0, 0, 1, 0, 9, 1, 0, 0, 0}, 12 + 128);
    byte[] twice = Arrays.copyOf(unfinished, 2 * unfinished.length);
    System.arraycopy(unfinished, 0, twice, unfinished.length, unfinished.length);
    assertRefused(twice, "but expected type 3 chunk");
    ChunkReader reader = new ChunkReader();
    assertThatThrownBy(() -> reader.setChunkSize(0)).hasMessageContaining("out of range");
    assertThatThrownBy(() -> reader.setChunkSize(0x7FFFFFFFL)).hasMessageContaining("out of range");
  }

  @Test
  void chunkStreamsAndUnfinishedBytesAreBounded() {
    ChunkReader many = new ChunkReader();
    assertThatThrownBy(
            () -> {
              for (int id = 0; id < 100; id++) {
                many.feed(new byte[] {0, (byte) id, 0, 0, 0, 0, 0, 0, 8, 1, 0, 0, 0});
                many.next();
              }
            })
        .hasMessage("more than 64 chunk streams");
    ChunkReader large = new ChunkReader();
    assertThatThrownBy(
            () -> {
              large.setChunkSize(9_000_000);
              for (int id = 4; id < 10; id++) {
                large.feed(new byte[] {(byte) id, 0, 0, 0, (byte) 0x9F, 0, 0, 9, 1, 0, 0, 0});
                large.feed(new byte[9_000_000]);
                large.next();
              }
            })
        .hasMessageContaining("too many bytes in unfinished messages");
  }

  @Test
  void noiseNeverDoesMoreThanBeRefused() {
    Random random = new Random(20261121);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      ChunkReader reader = new ChunkReader();
      byte[] noise = new byte[random.nextInt(2000)];
      random.nextBytes(noise);
      try {
        reader.feed(noise);
        for (RtmpMessage m = reader.next(); m != null; m = reader.next()) {
          assertThat(m.body().length).isLessThanOrEqualTo(ChunkReader.MAX_MESSAGE_BYTES);
          MediaTagParser.parse(m);
          Amf0.decode(m.body());
        }
      } catch (RtmpProtocolException e) {
        assertThat(e).hasMessageMatching("(?s).{5,}");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  private static RtmpMessage next(ChunkReader reader) throws RtmpProtocolException {
    RtmpMessage message = reader.next();
    if (message == null) {
      throw new AssertionError("a whole message was fed");
    }
    return message;
  }

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static void assertRefused(byte[] bytes, String reason) {
    ChunkReader reader = new ChunkReader();
    reader.feed(bytes);
    assertThatThrownBy(
            () -> {
              while (reader.next() != null) {
                // every whole message until the bad header
              }
            })
        .isInstanceOf(RtmpProtocolException.class)
        .hasMessageContaining(reason);
  }
}
