package babelmux.testmedia;

import babelmux.media.FfmpegLog;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** The tags of an FLV file to an RTMP server, in real time, with the times that they have. */
final class FlvSender implements MediaTask.Work {
  private static final Duration LIMIT = Duration.ofSeconds(35);
  private static final int HEADER = 13;
  private static final int TAG_HEADER = 11;
  private static final int SCRIPT = 18;

  private final Path file;
  private final String url;
  private final long offsetMs;
  private final Pacing pacing = new Pacing();
  private final Interrupt interrupt = new Interrupt();
  private @Nullable AVIOContext io;
  private final AtomicLong packets = new AtomicLong();

  FlvSender(Path file, String url, int offsetSeconds) {
    this.file = file;
    this.url = url;
    this.offsetMs = offsetSeconds * 1000L;
  }

  @Override
  public void run() throws IOException {
    Natives.load();
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < HEADER || bytes[0] != 'F' || bytes[1] != 'L' || bytes[2] != 'V') {
      throw new IOException(file + ": expected an FLV file");
    }
    AVIOContext opened = open();
    send(opened, bytes, 0, HEADER);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int at = HEADER;
    while (at + TAG_HEADER <= bytes.length) {
      int size = buffer.getInt(at) & 0xFFFFFF;
      int end = at + TAG_HEADER + size + 4;
      if (end > bytes.length) {
        return;
      }
      int time = (buffer.getInt(at + 4) >>> 8) | (bytes[at + 7] & 0xFF) << 24;
      if (bytes[at] != SCRIPT && !isHeader(bytes, at)) {
        if (!pacing.awaitTurn(time * 1000L)) {
          return;
        }
        stamp(bytes, at, time + offsetMs);
      }
      send(opened, bytes, at, end - at);
      packets.incrementAndGet();
      at = end;
    }
  }

  /** Tells whether a tag carries codec headers, which leave at their own time, not moved. */
  private static boolean isHeader(byte[] bytes, int at) {
    int first = bytes[at + TAG_HEADER] & 0xFF;
    if (bytes[at] == 8) {
      return first >> 4 == 10 && bytes[at + TAG_HEADER + 1] == 0;
    }
    boolean enhanced = (first & 0x80) != 0;
    return enhanced ? (first & 0xF) == 0 : (first & 0xF) == 7 && bytes[at + TAG_HEADER + 1] == 0;
  }

  private static void stamp(byte[] bytes, int at, long time) {
    bytes[at + 4] = (byte) (time >> 16);
    bytes[at + 5] = (byte) (time >> 8);
    bytes[at + 6] = (byte) time;
    bytes[at + 7] = (byte) (time >> 24);
  }

  private AVIOContext open() throws IOException {
    interrupt.arm(LIMIT);
    AVIOContext opened = new AVIOContext(null);
    AVDictionary options = Av.dictionary(Map.of("rw_timeout", "30000000"));
    try {
      MediaException.check(
          avformat.avio_open2(
              opened, url, avformat.AVIO_FLAG_WRITE, interrupt.structure(), options),
          "cannot open " + FfmpegLog.redact(url));
      io = opened;
      return opened;
    } finally {
      avutil.av_dict_free(options);
    }
  }

  private void send(AVIOContext to, byte[] bytes, int from, int length) throws IOException {
    interrupt.arm(LIMIT);
    // As an array of its own: of a slice JavaCPP releases another address than it took.
    avformat.avio_write(to, Arrays.copyOfRange(bytes, from, from + length), length);
    avformat.avio_flush(to);
    MediaException.check(to.error(), "writing to " + FfmpegLog.redact(url));
  }

  @Override
  public long packets() {
    return packets.get();
  }

  @Override
  public void stop() {
    pacing.stop();
  }

  @Override
  public void kill() {
    interrupt.request();
    pacing.stop();
  }

  @Override
  public void close() {
    if (io != null) {
      avformat.avio_closep(io);
    }
    interrupt.close();
  }
}
