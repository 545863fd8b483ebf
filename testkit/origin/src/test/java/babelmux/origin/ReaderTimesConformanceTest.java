package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MediaTag.Role;
import babelmux.origin.rtmp.MediaTagParser;
import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.rtmp.RtmpProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PTS and DTS that a reader gets of real encoders' streams, packet by packet. {@code
 * mediamtx-times/} has what MediaMTX 1.20.1 sent; where a MediaMTX is found, its packets are
 * compared with it and with the embedded origin's. {@code -Dmediamtx.times.record=true} writes the
 * files again.
 */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class ReaderTimesConformanceTest {
  private static final Path CLIPS = Path.of("../../fixtures/encoders");
  private static final Path KNOWN = Path.of("src/test/resources/mediamtx-times");
  private static final long START_MS = 3000;
  private static final int KNOWN_PACKETS = 80;
  private static final int AT_ONCE = 50;
  private static final long END_MS = 60_000;

  private final ServerUnderTest sut;

  ReaderTimesConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  static Stream<String> clips() throws IOException {
    try (Stream<Path> files = Files.list(CLIPS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".flv"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("clips")
  void aReaderGetsTheTimesThatMediaMtxMakes(String clip) throws Exception {
    List<String> got = new Reading(sut, clip).packets();
    if (Boolean.getBoolean("mediamtx.times.record") && !sut.embedded()) {
      Files.write(known(clip), got.subList(0, Math.min(KNOWN_PACKETS, got.size())));
    }
    assertThat(got).startsWith(Files.readAllLines(known(clip)).toArray(String[]::new));
    if (!sut.embedded()) {
      ServerUnderTest embedded = ServerUnderTest.of(ServerUnderTest.Kind.EMBEDDED);
      assertThat(new Reading(embedded, clip).packets()).isEqualTo(got);
    }
  }

  private static Path known(String clip) {
    return KNOWN.resolve(clip.replace(".flv", ".txt"));
  }

  /** Publishes a clip to a reader that was there before it, and keeps what comes. */
  private static final class Reading {
    private final ServerUnderTest sut;
    private final String id = ServerUnderTest.id("times");
    private final List<RawMessage> tags;
    private final List<RawMessage> read = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean closed;

    Reading(ServerUnderTest sut, String clip) throws IOException {
      this.sut = sut;
      this.tags = RawMessage.readFlv(CLIPS.resolve(clip));
    }

    List<String> packets() throws Exception {
      RawMessage sound =
          tags.stream().filter(tag -> timed(tag) && tag.audio()).findFirst().orElseThrow();
      URI server = sut.main.rtmpUrl();
      try (RawRtmpClient publisher = RawRtmpClient.publisher(server, "live/" + id, "in")) {
        for (RawMessage tag : tags) {
          if (tag.type != RawMessage.DATA && !timed(tag)) {
            publisher.send(tag.at(0));
          }
        }
        // Ends the analysis, so that nothing of the clip is lost in it.
        publisher.send(sound.at(START_MS - 500));
        await().until(() -> sut.api.ready("live/" + id + "/in"));
        try (RawRtmpClient reader = new RawRtmpClient(server, "live/" + id)) {
          reader.connect("avc1", "hvc1", "av01", "vp09", "mp4a", "Opus", ".mp3");
          reader.command("play", 1, null, "in");
          reader.awaitStatus("NetStream.Play.PublishNotify");
          sut.awaitReaders(id, 1);
          CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> readAll(reader));
          publish(publisher, sound);
          reading.get();
        }
      }
      return read.stream().map(Reading::line).toList();
    }

    /** Never more at once than a server keeps for a reader. */
    private void publish(RawRtmpClient publisher, RawMessage sound) throws IOException {
      int sent = 0;
      for (RawMessage tag : tags) {
        if (!timed(tag)) {
          continue;
        }
        publisher.send(tag.at(START_MS + tag.timestampMs));
        if (tag.audio() && ++sent % AT_ONCE == 0) {
          await().until(() -> closed || lastSound() >= START_MS + tag.timestampMs - 1);
        }
      }
      // Behind everything else: when it is there, all is.
      publisher.send(sound.at(END_MS));
    }

    private long lastSound() {
      long last = 0;
      synchronized (read) {
        for (RawMessage message : read) {
          last = message.audio() ? message.timestampMs : last;
        }
      }
      return last;
    }

    private void readAll(RawRtmpClient reader) {
      try {
        RawMessage message = reader.readAv();
        while (message.timestampMs < END_MS - 1) {
          read.add(message);
          message = reader.readAv();
        }
      } catch (EOFException | SocketException end) {
        read.add(new RawMessage(RawMessage.COMMAND, 0, new byte[0]));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        closed = true;
      }
    }

    private static boolean timed(RawMessage message) {
      if (message.type != RawMessage.AUDIO && message.type != RawMessage.VIDEO) {
        return false;
      }
      Role role = tag(message).role();
      return role == Role.FRAME || role == Role.KEYFRAME;
    }

    private static MediaTag tag(RawMessage message) {
      try {
        return MediaTagParser.parse(
            new RtmpMessage(message.type, 4, 1, message.timestampMs, message.body));
      } catch (RtmpProtocolException e) {
        throw new IllegalArgumentException(e);
      }
    }

    /**
     * Kind, DTS, all that stands before the payload (and with it PTS - DTS), a hash; headers whole.
     */
    private static String line(RawMessage message) {
      if (message.type == RawMessage.COMMAND) {
        return "closed";
      }
      if (message.timestampMs == 0) {
        return (message.video() ? "video " : "audio ") + HexFormat.of().formatHex(message.body);
      }
      int head = Math.min(message.body.length, message.video() ? 9 : 2);
      return (message.video() ? "video " : "audio ")
          + message.timestampMs
          + " "
          + HexFormat.of().formatHex(message.body, 0, head)
          + " "
          + Integer.toHexString(Arrays.hashCode(message.body));
    }
  }
}
