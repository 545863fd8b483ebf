package babelmux.testmedia;

import java.nio.file.Path;
import java.util.List;

/** Records streams as they come, until they end. */
public final class StreamRecorder {
  /** The codecs that a reader of RTMP says it knows; a server sends no other. */
  private static final String CODECS = "hvc1,av01,vp09,Opus,ac-3,ec-3,fLaC";

  private StreamRecorder() {}

  /**
   * Starts to record; the caller closes the task, which completes the file.
   *
   * @param url an RTMP URL
   * @param file with the ending .flv it holds byte for byte what came, and with the times that
   *     came; any other container gets all packets, with times from 0 on, their PTS exact, and DTS
   *     moved where the container would refuse them
   */
  public static MediaTask record(String url, Path file) {
    return MediaTask.start(
        "recorder",
        file.toString().endsWith(".flv")
            ? new FlvReceiver(url, CODECS, file)
            : new Transfer(
                Arguments.parse(
                    List.of(
                        "-rtmp_enhanced_codecs",
                        CODECS,
                        "-i",
                        url,
                        "-c",
                        "copy",
                        file.toString()))));
  }
}
