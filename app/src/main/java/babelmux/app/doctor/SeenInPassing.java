package babelmux.app.doctor;

import org.jspecify.annotations.Nullable;

/** The codes of faults that a worker sees while it runs, without a run of doctor. Pure. */
public final class SeenInPassing {
  private static final String OUTPUT = "out";

  private SeenInPassing() {}

  /**
   * Of a link to the STS.
   *
   * @param link as the API shows it
   * @param lastError as the API shows it
   */
  public static Code sts(String link, @Nullable String lastError) {
    String error = lastError == null ? "" : lastError;
    if (error.contains("AUTH_FAILED")) {
      return Code.STS_TOKEN;
    }
    if (error.contains("UNSUPPORTED_LANGUAGE")) {
      return Code.STS_LANGUAGE;
    }
    return link.equals("pass_through") ? Code.STS_INIT_REFUSED : Code.STS_UNREACHABLE;
  }

  /**
   * Of a destination that is down.
   *
   * @param name {@code out} for the stream's own output
   * @param lastError as the API shows it: {@code refused:}, {@code network:} or {@code file:} first
   */
  public static Code destination(String name, @Nullable String lastError) {
    String error = lastError == null ? "" : lastError;
    if (error.startsWith("file:")) {
      return Code.FOLDER;
    }
    if (!name.equals(OUTPUT)) {
      return Code.DESTINATION_UNREACHABLE;
    }
    if (error.startsWith("refused: the server ended")) {
      return Code.OUTPUT_FAILED;
    }
    return error.startsWith("refused:") ? Code.OUTPUT_REFUSED : Code.RTMP_UNREACHABLE;
  }
}
