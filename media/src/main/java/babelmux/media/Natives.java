package babelmux.media;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;

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
    avutil.av_log_set_level(avutil.AV_LOG_WARNING);
    FfmpegLog.install();
    avformat.avformat_network_init();
  }

  private Natives() {}

  /**
   * Loads the native libraries.
   *
   * @return the version of FFmpeg, such as {@code 8.0.1}
   * @throws UnsatisfiedLinkError when there are no natives for this platform
   */
  public static String load() {
    avcodec.avcodec_version();
    return avutil.av_version_info().getString();
  }

  /** How many native objects of this module are open now; 0 when everything was closed. */
  public static long live() {
    return LIVE.get();
  }

  /** Resident memory of this process, in bytes; 0 where the system does not tell. */
  public static long residentBytes() {
    return Pointer.physicalBytes();
  }

  static void opened() {
    LIVE.incrementAndGet();
  }

  static void closed() {
    LIVE.decrementAndGet();
  }
}
