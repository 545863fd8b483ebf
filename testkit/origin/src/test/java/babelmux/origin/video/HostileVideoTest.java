package babelmux.origin.video;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTagParser;
import babelmux.origin.rtmp.MessageType;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real streams with bytes changed, cut and put in: nothing is thrown but what is declared. */
class HostileVideoTest {
  private static final int ROUNDS = 40;

  @ParameterizedTest
  @ValueSource(strings = {"h264-29.97-b2", "h264-23.976-pyramid", "hevc-b3", "av1", "vp9"})
  void whateverAPublisherSendsOnlyEndsItsOwnConnections(String clip) throws IOException {
    List<RtmpMessage> messages = video(Path.of("../../fixtures/encoders", clip + ".flv"));
    Random random = new Random(clip.hashCode());
    int taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      taken += relay(messages, random);
    }
    assertThat(taken).as("pictures that came through").isGreaterThan(ROUNDS);
  }

  private static int relay(List<RtmpMessage> messages, Random random) {
    Map<Integer, PublishedTrack> tracks = new HashMap<>();
    ReaderTrack reader = new ReaderTrack();
    int taken = 0;
    for (RtmpMessage message : messages) {
      RtmpMessage sent = random.nextInt(4) == 0 ? changed(message, random) : message;
      try {
        MediaTag tag = MediaTagParser.parse(sent);
        PublishedTrack track = tracks.computeIfAbsent(0, id -> new PublishedTrack(tag));
        Picture picture = track.take(tag, sent);
        taken += read(reader, picture) ? 1 : 0;
        assertThat(track.header(tag, sent).body()).isNotEmpty();
      } catch (RtmpProtocolException refused) {
        tracks.clear();
      } catch (ReaderRefusedException refused) {
        reader = new ReaderTrack();
      }
    }
    return taken;
  }

  private static boolean read(ReaderTrack reader, @Nullable Picture picture)
      throws ReaderRefusedException {
    return picture != null && reader.next(picture) != null;
  }

  private static RtmpMessage changed(RtmpMessage message, Random random) {
    byte[] body = message.body().clone();
    int near = Math.min(body.length, random.nextBoolean() ? 64 : body.length);
    for (int i = random.nextInt(4); i >= 0; i--) {
      body[random.nextInt(near)] = (byte) random.nextInt();
    }
    if (random.nextInt(3) == 0) {
      body = Arrays.copyOf(body, random.nextInt(2 * near));
    }
    long time = random.nextInt(5) == 0 ? random.nextInt() : message.timestampMs();
    return new RtmpMessage(MessageType.VIDEO, 6, 1, time, body);
  }

  private static List<RtmpMessage> video(Path file) throws IOException {
    List<RtmpMessage> messages = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.skipNBytes(13);
      while (in.available() > 0) {
        int type = in.readUnsignedByte();
        byte[] body = new byte[in.readUnsignedShort() << 8 | in.readUnsignedByte()];
        long time = (long) in.readUnsignedShort() << 8 | in.readUnsignedByte();
        in.skipNBytes(4);
        in.readFully(body);
        in.skipNBytes(4);
        if (type == MessageType.VIDEO) {
          messages.add(new RtmpMessage(type, 6, 1, time, body));
        }
      }
    }
    return messages;
  }
}
