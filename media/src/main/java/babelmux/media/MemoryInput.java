package babelmux.media;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A byte array as FFmpeg input, seekable, without a file. As with {@link Interrupt}, JavaCPP's
 * limit of ten callbacks asks for one pair of callbacks for all.
 */
final class MemoryInput implements AutoCloseable {
  private static final int BUFFER = 32 * 1024;
  private static final ConcurrentMap<Long, MemoryInput> live = new ConcurrentHashMap<>();

  private static final Read_packet_Pointer_BytePointer_int read =
      new Read_packet_Pointer_BytePointer_int() {
        @Override
        public int call(Pointer opaque, BytePointer buffer, int size) {
          MemoryInput input = live.get(opaque.address());
          return input == null ? avutil.AVERROR_EOF : input.read(buffer, size);
        }
      };

  private static final Seek_Pointer_long_int seek =
      new Seek_Pointer_long_int() {
        @Override
        public long call(Pointer opaque, long offset, int whence) {
          MemoryInput input = live.get(opaque.address());
          return input == null ? -1 : input.seek(offset, whence);
        }
      };

  private final byte[] bytes;
  private final BytePointer opaque = new BytePointer(1);
  private final AVIOContext context;
  private int position;

  MemoryInput(byte[] bytes) {
    this.bytes = bytes;
    Natives.opened();
    live.put(opaque.address(), this);
    context =
        avformat.avio_alloc_context(
            new BytePointer(avutil.av_malloc(BUFFER)), BUFFER, 0, opaque, read, null, seek);
  }

  AVIOContext context() {
    return context;
  }

  private int read(BytePointer buffer, int size) {
    int count = Math.min(size, bytes.length - position);
    if (count <= 0) {
      return avutil.AVERROR_EOF;
    }
    buffer.put(bytes, position, count);
    position += count;
    return count;
  }

  private long seek(long offset, int whence) {
    long base =
        switch (whence & ~avformat.AVSEEK_FORCE) {
          case 0 -> 0;
          case 1 -> position;
          case 2 -> bytes.length;
          default -> -1;
        };
    if (whence == avformat.AVSEEK_SIZE) {
      return bytes.length;
    }
    long target = base + offset;
    if (base < 0 || target < 0 || target > bytes.length) {
      return -1;
    }
    position = (int) target;
    return target;
  }

  @Override
  public void close() {
    if (live.remove(opaque.address()) != null) {
      // FFmpeg may have put another buffer in the place of ours.
      avutil.av_free(context.buffer());
      context.buffer(null);
      avformat.avio_context_free(context);
      opaque.deallocate();
      Natives.closed();
    }
  }
}
