package babelmux.media;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Loads FFmpeg once and counts the native objects that this module owns, so that a test can assert
 * that every one of them was closed. Any thread.
 */
public final class Natives {
  private static final AtomicLong LIVE = new AtomicLong();

  static {
    // Left alone, JavaCPP stops allocating at four times the Java heap, a second's wait each time.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
  }

  private static volatile @Nullable CompletableFuture<Integer> preload;

  private Natives() {}

  /** Initialised at the first use of a native object, or by {@link #load()}. */
  private static final class Libraries {
    static final String VERSION;

    static {
      avutil.av_log_set_level(avutil.AV_LOG_WARNING);
      FfmpegLog.install();
      avformat.avformat_network_init();
      avcodec.avcodec_version();
      VERSION = avutil.av_version_info().getString();
    }

    private Libraries() {}

    static String version() {
      return VERSION;
    }
  }

  /**
   * Begins to load the native libraries, on a thread of its own, and logs nothing: {@link #load()}
   * waits for it, and says what went wrong. Nothing else of this module may be used before that.
   */
  public static void preload() {
    preload =
        CompletableFuture.supplyAsync(
            avformat::avformat_version,
            work -> {
              Thread thread = new Thread(work, "natives");
              thread.setDaemon(true);
              thread.start();
            });
  }

  private static void awaitPreload() {
    CompletableFuture<Integer> loading = preload;
    if (loading == null) {
      return;
    }
    try {
      loading.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LinkageError failure) {
        throw failure;
      }
    }
  }

  /**
   * Loads the native libraries.
   *
   * @return the version of FFmpeg, such as {@code 8.0.1}
   * @throws UnsatisfiedLinkError with one line for an operator, when there are no natives for this
   *     platform or they cannot be loaded
   */
  public static String load() {
    try {
      awaitPreload();
      return Libraries.version();
    } catch (LinkageError e) {
      throw unloadable(e);
    }
  }

  /** One line that says what was looked for and why it failed. */
  static UnsatisfiedLinkError unloadable(LinkageError reason) {
    Throwable first = reason;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    UnsatisfiedLinkError error =
        new UnsatisfiedLinkError(
            "cannot load FFmpeg's libraries for %s/%s: %s"
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    String.valueOf(first.getMessage()).lines().findFirst().orElse("")));
    error.initCause(reason);
    return error;
  }

  /**
   * The number of native objects of this module that are open now; 0 when everything was closed.
   */
  public static long live() {
    return LIVE.get();
  }

  /** Resident memory of this process, in bytes; 0 where the system does not tell. */
  public static long residentBytes() {
    return Pointer.physicalBytes();
  }

  static void opened() {
    Libraries.version();
    LIVE.incrementAndGet();
  }

  static void closed() {
    LIVE.decrementAndGet();
  }
}
