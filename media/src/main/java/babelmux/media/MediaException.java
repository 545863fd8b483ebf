package babelmux.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * A media operation failed. The message is fit for an operator: what was tried, on what, and
 * FFmpeg's reason.
 */
public final class MediaException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Kinds of errors, as far as they decide what to do next. */
  public enum Kind {
    /** The stream ended in an orderly way, or there is nothing more. */
    END,
    /** We asked for the end of the call. */
    INTERRUPTED,
    /** The call was given up at its deadline. */
    TIMEOUT,
    /** The other side said no: wrong credentials, a busy path. */
    REFUSED,
    /** The connection or file broke, or is not there. */
    IO,
    /**
     * This process or machine lacks something, such as file descriptors, memory, ports or an answer
     * of its resolver: that says nothing of the other side.
     */
    OURS,
    /** The bytes are not what they should be. */
    INVALID,
    /** FFmpeg cannot do that: an unknown codec, format or option. */
    UNSUPPORTED
  }

  // Linux's numbers; FFmpeg's are negative.
  private static final Set<Integer> OURS_ERRNO =
      Set.of(
          -23, // ENFILE
          -24, // EMFILE
          -99, // EADDRNOTAVAIL
          -105); // ENOBUFS

  private static final String UNRESOLVED = "Failed to resolve hostname";

  private final Kind kind;

  public MediaException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  static MediaException of(String what, int error) {
    Kind kind = FfmpegLog.errors().contains(UNRESOLVED) ? Kind.OURS : kindOf(error);
    return of(what, error, kind);
  }

  static MediaException of(String what, int error, Kind kind) {
    String logged = FfmpegLog.errors();
    FfmpegLog.clear();
    return new MediaException(
        kind, what + ": " + text(error) + (logged.isEmpty() ? "" : " (" + logged + ")"));
  }

  /**
   * Passes a result of FFmpeg on, or throws when it is an error.
   *
   * @param result what FFmpeg's function returned
   * @param what what was tried, on what: the beginning of the message
   * @return the result, 0 or more
   * @throws MediaException with FFmpeg's reason and what it has logged on this thread
   */
  public static int check(int result, String what) throws MediaException {
    if (result < 0) {
      throw of(what, result);
    }
    return result;
  }

  /**
   * Returns whether an error of a muxer is about the packet that it was given, and says nothing of
   * the connection or file behind it.
   */
  static boolean isOfPacket(int error) {
    return error == avutil.AVERROR_EINVAL()
        || error == avutil.AVERROR_INVALIDDATA()
        || error == avutil.AVERROR_PATCHWELCOME()
        || error == avutil.AVERROR_ENOSYS()
        || error == avutil.AVERROR_ERANGE()
        || error == avutil.AVERROR_BUG();
  }

  /** FFmpeg's words for one of its error numbers. */
  public static String text(int error) {
    byte[] buffer = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
    avutil.av_strerror(error, buffer, buffer.length);
    int end = 0;
    while (end < buffer.length && buffer[end] != 0) {
      end++;
    }
    return new String(buffer, 0, end, StandardCharsets.UTF_8);
  }

  private static Kind kindOf(int error) {
    if (error == avutil.AVERROR_EOF) {
      return Kind.END;
    }
    if (error == avutil.AVERROR_EXIT) {
      return Kind.INTERRUPTED;
    }
    if (error == avutil.AVERROR_INVALIDDATA()) {
      return Kind.INVALID;
    }
    if (error == avutil.AVERROR_EPERM()
        || error == avutil.AVERROR_EACCES()
        || error == avutil.AVERROR_HTTP_UNAUTHORIZED()
        || error == avutil.AVERROR_HTTP_FORBIDDEN()) {
      return Kind.REFUSED;
    }
    if (error == avutil.AVERROR_DECODER_NOT_FOUND()
        || error == avutil.AVERROR_ENCODER_NOT_FOUND()
        || error == avutil.AVERROR_DEMUXER_NOT_FOUND()
        || error == avutil.AVERROR_MUXER_NOT_FOUND()
        || error == avutil.AVERROR_PROTOCOL_NOT_FOUND()
        || error == avutil.AVERROR_PATCHWELCOME()) {
      return Kind.UNSUPPORTED;
    }
    return OURS_ERRNO.contains(error) || error == avutil.AVERROR_ENOMEM() ? Kind.OURS : Kind.IO;
  }
}
