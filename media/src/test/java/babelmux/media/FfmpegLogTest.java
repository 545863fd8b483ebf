package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** FFmpeg complains of a file that is no media, on the thread that opens it. */
class FfmpegLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(FfmpegLog.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  @TempDir private Path folder;

  @BeforeEach
  void listen() {
    Natives.load();
    logged.start();
    logger.addAppender(logged);
    logger.setLevel(Level.DEBUG);
  }

  @AfterEach
  void restore() {
    logger.detachAppender(logged);
    logger.setLevel(null);
    MDC.clear();
  }

  private List<ILoggingEvent> complaints() throws Exception {
    Path file = folder.resolve("broken.mp4");
    Files.write(file, new byte[] {0, 0, 0, 16, 'f', 't', 'y', 'p', 'i', 's', 'o', 'm', 0, 0, 0, 0});
    assertThatThrownBy(() -> Source.open(file.toString(), SourceOptions.defaults()).close())
        .isInstanceOf(MediaException.class);
    assertThat(logged.list).isNotEmpty();
    return List.copyOf(logged.list);
  }

  @Test
  void aLineHasTheStreamOfItsThread() throws Exception {
    MDC.put(LogFields.STREAM, "demo");
    assertThat(complaints())
        .allSatisfy(
            line -> {
              assertThat(line.getMDCPropertyMap()).containsEntry("stream", "demo");
              assertThat(line.getFormattedMessage()).startsWith("ffmpeg: ");
            });
  }

  @Test
  void aLineOfNoStreamSaysSo() throws Exception {
    assertThat(complaints())
        .allSatisfy(
            line ->
                assertThat(line.getFormattedMessage())
                    .startsWith("ffmpeg, of an unknown stream: "));
  }
}
