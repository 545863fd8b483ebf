package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What the program's own logback.xml writes. */
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
  }

  private String logged(Runnable use) throws Exception {
    context.setMDCAdapter(MDC.getMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Main.class.getResource("/logback.xml"));
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
              context
                  .getLogger("babelmux.x.Thing")
                  .warn("a\r\nb", new IllegalStateException("first\nsecond"));
            });
    assertThat(text.lines()).hasSize(2);
    assertThat(text.lines().toList().get(0)).matches("\\S+Z INFO  Thing \\[\\w+] started");
    assertThat(text.lines().toList().get(1))
        .matches(
            "\\S+Z WARN  Thing \\[\\w+] stream=demo a \\| b \\| .*first \\| second \\| at .*[)]");
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
