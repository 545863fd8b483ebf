package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.origin.rtmp.Amf0;
import babelmux.testmedia.ClipMaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small generated streams, made once. */
final class TestMedia {
  private static final String VIDEO = "testsrc2=size=320x180:rate=25";
  private static final String SOUND = "sine=frequency=440:sample_rate=48000";

  private TestMedia() {}

  /** Makes all of it now, so that no test waits for it with a connection open. */
  static void make() {
    assertThat(Holder.TAGS).isNotEmpty();
  }

  /**
   * 8 s of H.264 320x180 at 25 pictures a second, a keyframe each 0.48 s, and AAC 48 kHz stereo.
   */
  static Path h264Aac() {
    return Holder.H264_AAC;
  }

  /** 6 s of H.264 and two AAC tracks, mono and stereo. */
  static Path multitrack() {
    return Holder.MULTITRACK;
  }

  /** 6 s of AV1 and Opus. */
  static Path av1Opus() {
    return Holder.AV1_OPUS;
  }

  /** The headers of {@link #h264Aac}: metadata, AVC, AAC, all at time 0. */
  static List<RawMessage> headers() {
    return Holder.TAGS.stream()
        .filter(tag -> tag.type == RawMessage.DATA || tag.header())
        .map(tag -> tag.type == RawMessage.DATA ? setDataFrame(tag) : tag.at(0))
        .toList();
  }

  /** Media of the file's first {@code durationMs}, moved by {@code offsetMs}. */
  static List<RawMessage> media(long offsetMs, long durationMs) {
    List<RawMessage> moved = new ArrayList<>();
    for (RawMessage tag : Holder.TAGS) {
      if (tag.media() && tag.timestampMs < durationMs) {
        moved.add(tag.at(tag.timestampMs + offsetMs));
      }
    }
    return moved;
  }

  private static RawMessage setDataFrame(RawMessage metadata) {
    byte[] name = Amf0.encode("@setDataFrame");
    byte[] body = new byte[name.length + metadata.body.length];
    System.arraycopy(name, 0, body, 0, name.length);
    System.arraycopy(metadata.body, 0, body, name.length, metadata.body.length);
    return new RawMessage(RawMessage.DATA, 0, body);
  }

  private static final class Holder {
    static final Path FOLDER = folder();
    static final Path H264_AAC = h264();
    static final Path MULTITRACK = multi();
    static final Path AV1_OPUS = av1();
    static final List<RawMessage> TAGS = tags();

    private static Path folder() {
      try {
        Path folder = Files.createTempDirectory("origin-media");
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      for (String name : new String[] {"av.flv", "multi.flv", "av1.flv"}) {
                        folder.resolve(name).toFile().delete();
                      }
                      folder.toFile().delete();
                    }));
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void made(String... arguments) {
      try {
        ClipMaker.make(arguments);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private static Path h264() {
      Path file = FOLDER.resolve("av.flv");
      made(
          "-f",
          "lavfi",
          "-i",
          VIDEO,
          "-f",
          "lavfi",
          "-i",
          SOUND,
          "-t",
          "8",
          "-c:v",
          "libopenh264",
          "-b:v",
          "300k",
          "-g",
          "12",
          "-c:a",
          "aac",
          "-ac",
          "2",
          "-b:a",
          "64k",
          file.toString());
      return file;
    }

    private static Path multi() {
      Path file = FOLDER.resolve("multi.flv");
      made(
          "-i",
          H264_AAC.toString(),
          "-f",
          "lavfi",
          "-i",
          SOUND,
          "-t",
          "6",
          "-map",
          "0:v",
          "-map",
          "0:a",
          "-map",
          "1:a",
          "-c:v",
          "copy",
          "-c:a:0",
          "copy",
          "-c:a:1",
          "aac",
          "-ac:a:1",
          "1",
          file.toString());
      return file;
    }

    private static Path av1() {
      Path file = FOLDER.resolve("av1.flv");
      made(
          "-f",
          "lavfi",
          "-i",
          "testsrc2=size=160x90:rate=12",
          "-f",
          "lavfi",
          "-i",
          SOUND,
          "-t",
          "6",
          "-c:v",
          "libsvtav1",
          "-preset",
          "12",
          "-g",
          "6",
          "-c:a",
          "libopus",
          "-ac",
          "2",
          file.toString());
      return file;
    }

    private static List<RawMessage> tags() {
      try {
        return RawMessage.readFlv(H264_AAC);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
