package babelmux.media;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * FFmpeg's own log. A line carries no stream: it is that of the thread that called into FFmpeg. On
 * a thread that works for no stream, and on FFmpeg's own, the line says that its stream is unknown.
 * The last lines of a thread are kept because the reason of an RTMP refusal stands nowhere else.
 */
public final class FfmpegLog {
  private static final Logger log = LoggerFactory.getLogger(FfmpegLog.class);
  private static final int KEPT_LINES = 4;
  private static final int MAX_LINE = 300;
  private static final Pattern ADDRESS = Pattern.compile(" @ 0x[0-9a-f]+]");

  // ThreadLocal: the callback runs on the thread that called into FFmpeg.
  private static final ThreadLocal<Deque<String>> recent = ThreadLocal.withInitial(ArrayDeque::new);

  // What the URLs that this thread works on hold beside what is masked by its form.
  private static final ThreadLocal<List<String>> hidden = ThreadLocal.withInitial(List::of);

  // Kept reachable for the life of the process: a collected callback would leave FFmpeg a dangling
  // pointer.
  private static final LogCallback callback =
      new LogCallback() {
        @Override
        public void call(int level, BytePointer message) {
          if (level <= avutil.AV_LOG_WARNING) {
            record(level, message.getString());
          }
        }
      };

  private FfmpegLog() {}

  static void install() {
    avutil.setLogCallback(callback);
  }

  private static void record(int level, String message) {
    // Where an object lies in memory makes two texts of one reason.
    String line = redact(hide(ADDRESS.matcher(message.strip()).replaceAll("]")));
    if (line.isEmpty()) {
      return;
    }
    if (level <= avutil.AV_LOG_ERROR) {
      Deque<String> lines = recent.get();
      if (lines.size() == KEPT_LINES) {
        lines.removeFirst();
      }
      lines.addLast(line);
    }
    if (MDC.get(LogFields.STREAM) == null) {
      log.debug("ffmpeg, of an unknown stream: {}", line);
    } else {
      log.debug("ffmpeg: {}", line);
    }
  }

  /** A line without secrets, at most 300 characters of it. */
  public static String redact(String text) {
    String masked = Secrets.mask(text);
    return masked.length() > MAX_LINE ? masked.substring(0, MAX_LINE) + "..." : masked;
  }

  /** From now on, stars stand for these texts in what this thread's FFmpeg calls log. */
  static void hide(List<String> secrets) {
    hidden.set(secrets);
  }

  private static String hide(String message) {
    String shown = message;
    for (String secret : hidden.get()) {
      shown = shown.replace(secret, Secrets.SHOWN);
    }
    return shown;
  }

  /** Forgets what this thread's FFmpeg calls have said so far. */
  public static void clear() {
    recent.get().clear();
  }

  /**
   * The errors that this thread's FFmpeg calls have logged since {@link #clear()}, joined; empty if
   * none.
   */
  public static String errors() {
    return String.join("; ", recent.get());
  }
}
