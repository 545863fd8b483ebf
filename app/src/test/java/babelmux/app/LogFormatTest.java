package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.logging.LogSetup;
import babelmux.app.logging.RecentLog;
import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the log is set up to write. */
class LogFormatTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream stderr = System.err;
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    context.stop();
    System.setErr(stderr);
    MDC.clear();
    System.clearProperty("babelmux.log.format");
    System.clearProperty("babelmux.log.level");
    System.clearProperty("babelmux.version");
  }

  private String logged(Runnable use) throws Exception {
    context.setMDCAdapter(MDC.getMDCAdapter());
    // Logback's own file of the tests would go before.
    LogSetup.setUp(context);
    use.run();
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anEventIsOneLineWithItsStream() throws Exception {
    String text =
        logged(
            () -> {
              context.getLogger("babelmux.x.Thing").info("started");
              MDC.put("stream", "demo");
              MDC.put("segment", "5a0c");
              context
                  .getLogger("babelmux.x.Thing")
                  .warn("a\r\nb", new IllegalStateException("first\nsecond"));
            });
    assertThat(text.lines()).hasSize(2);
    assertThat(text.lines().toList().get(0)).matches("\\S+Z INFO  Thing \\[\\w+] started");
    assertThat(text.lines().toList().get(1))
        .matches(
            "\\S+Z WARN  Thing \\[\\w+] stream=demo segment=5a0c a \\| b \\| .*first \\| second \\| at .*[)]");
  }

  @Test
  void levelAndJsonAreChosenBySettings() throws Exception {
    System.setProperty("babelmux.log.format", "json");
    System.setProperty("babelmux.log.level", "DEBUG");
    String text = logged(() -> context.getLogger("babelmux.x.Thing").debug("a\nb"));
    JsonNode event = new JsonMapper().readTree(text);
    assertThat(event.path("level").asText()).isEqualTo("DEBUG");
    assertThat(event.path("message").asText()).isEqualTo("a\nb");
    assertThat(text.lines()).hasSize(1);
  }

  @Test
  void elasticCommonSchemaHasItsFieldsAndTheStreamAsLabels() throws Exception {
    System.setProperty("babelmux.log.format", "ecs");
    System.setProperty("babelmux.version", "1.2.3");
    String text =
        logged(
            () -> {
              MDC.put("stream", "demo");
              MDC.put("segment", "5a0c");
              context
                  .getLogger("babelmux.x.Thing")
                  .warn("a\nb {}", 1, new IllegalStateException("first\nsecond"));
            });
    assertThat(text.lines()).hasSize(1);
    JsonNode event = new JsonMapper().readTree(text);
    assertThat(Instant.parse(event.path("@timestamp").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(event.path("log.level").asText()).isEqualTo("WARN");
    assertThat(event.path("message").asText()).isEqualTo("a\nb 1");
    assertThat(event.path("ecs.version").asText()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(event.path("log.logger").asText()).isEqualTo("babelmux.x.Thing");
    assertThat(event.path("process.thread.name").asText())
        .isEqualTo(Thread.currentThread().getName());
    assertThat(event.path("service.name").asText()).isEqualTo("babelmux");
    assertThat(event.path("service.version").asText()).isEqualTo("1.2.3");
    assertThat(event.path("labels.stream_id").asText()).isEqualTo("demo");
    assertThat(event.path("labels.segment_id").asText()).isEqualTo("5a0c");
    assertThat(event.path("error.type").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(event.path("error.message").asText()).isEqualTo("first\nsecond");
    assertThat(event.path("error.stack_trace").asText())
        .startsWith("java.lang.IllegalStateException: first\nsecond")
        .contains("LogFormatTest");
  }

  @Test
  void theLastLinesAreKeptMasked() throws Exception {
    String written =
        logged(
            () -> {
              for (int i = 0; i < RecentLog.MAX_LINES + 20; i++) {
                context.getLogger("babelmux.x.Thing").info("line {} ?token=swordfish", i);
              }
              context.getLogger("babelmux.x.Thing").info("x".repeat(100_000));
            });
    List<String> lines = RecentLog.lines(context);
    assertThat(lines).hasSize(RecentLog.MAX_LINES);
    assertThat(lines.get(0))
        .endsWith("Thing [" + Thread.currentThread().getName() + "] line 21 ?token=***");
    assertThat(written.lines().map(line -> line.replace("swordfish", "***")))
        .as("in the pattern of the log")
        .contains(lines.get(0));
    assertThat(lines.get(RecentLog.MAX_LINES - 1)).hasSizeLessThan(5_000);
  }

  @Test
  void logbackFindsTheSetupAndAFileOfTheUsersGoesBefore() {
    assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(LogSetup.class);
    System.setProperty(ClassicConstants.CONFIG_FILE_PROPERTY, "of-the-user.xml");
    try {
      assertThat(new LogSetup().configure(context))
          .isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
    } finally {
      System.clearProperty(ClassicConstants.CONFIG_FILE_PROPERTY);
    }
    assertThat(RecentLog.lines(context)).isEmpty();
    assertThat(context.getLogger("babelmux").getLevel()).as("nothing is set up").isNull();
  }

  @Test
  void otherPeoplesChatterIsLeftOut() throws Exception {
    assertThat(
            logged(
                () -> {
                  context.getLogger("io.netty.x").info("chatter");
                  context.getLogger("babelmux.x").debug("detail");
                }))
        .isEmpty();
  }
}
