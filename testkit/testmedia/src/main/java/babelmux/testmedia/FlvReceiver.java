package babelmux.testmedia;

import babelmux.media.FfmpegLog;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** Writes what an RTMP server sends into a file, byte for byte: FFmpeg hands RTMP out as FLV. */
final class FlvReceiver implements MediaTask.Work {
  private static final Duration LIMIT = Duration.ofSeconds(35);

  private final String url;
  private final String codecs;
  private final Path file;
  private final Interrupt interrupt = new Interrupt();
  private @Nullable AVIOContext io;
  private final AtomicLong reads = new AtomicLong();

  FlvReceiver(String url, String codecs, Path file) {
    this.url = url;
    this.codecs = codecs;
    this.file = file;
  }

  @Override
  public void run() throws IOException {
    Natives.load();
    interrupt.arm(LIMIT);
    AVIOContext opened = new AVIOContext(null);
    AVDictionary options =
        Av.dictionary(Map.of("rtmp_enhanced_codecs", codecs, "rw_timeout", "30000000"));
    try {
      MediaException.check(
          avformat.avio_open2(opened, url, avformat.AVIO_FLAG_READ, interrupt.structure(), options),
          "cannot open " + FfmpegLog.redact(url));
      io = opened;
    } finally {
      avutil.av_dict_free(options);
    }
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        interrupt.arm(LIMIT);
        int length = avformat.avio_read_partial(opened, buffer, buffer.length);
        if (length <= 0) {
          return;
        }
        out.write(buffer, 0, length);
        reads.incrementAndGet();
      }
    }
  }

  /** Blocks read; the packets in them are not counted. */
  @Override
  public long packets() {
    return reads.get();
  }

  @Override
  public void stop() {
    interrupt.request();
  }

  @Override
  public void kill() {
    interrupt.request();
  }

  @Override
  public void close() {
    if (io != null) {
      avformat.avio_closep(io);
    }
    interrupt.close();
  }
}
