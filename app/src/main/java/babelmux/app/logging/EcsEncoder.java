package babelmux.app.logging;

import babelmux.media.LogFields;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes log events in the Elastic Common Schema: one JSON object a line, its fields with dots in
 * their names. Stream and segment are labels. Set up by {@link LogSetup}; one thread at a time.
 */
public final class EcsEncoder extends EncoderBase<ILoggingEvent> {

  /** The version of the schema that has all of these fields. */
  private static final String SCHEMA = "8.11.0";

  private static final Map<String, String> LABELS =
      Map.of(LogFields.STREAM, "stream_id", LogFields.SEGMENT, "segment_id");

  private final ThrowableProxyConverter stack = new ThrowableProxyConverter();
  private String service = "";
  private String version = "";

  /** The name of the service that logs. */
  public void setService(String name) {
    service = name;
  }

  /** Its version. */
  public void setVersion(String text) {
    version = text;
  }

  @Override
  public void start() {
    stack.setContext(context);
    stack.start();
    super.start();
  }

  @Override
  public byte @Nullable [] headerBytes() {
    return null;
  }

  @Override
  public byte @Nullable [] footerBytes() {
    return null;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("@timestamp", Instant.ofEpochMilli(event.getTimeStamp()).toString())
        .put("log.level", event.getLevel().toString())
        .put("message", event.getFormattedMessage())
        .put("ecs.version", SCHEMA)
        .put("service.name", service)
        .put("service.version", version)
        .put("log.logger", event.getLoggerName())
        .put("process.thread.name", event.getThreadName());
    event
        .getMDCPropertyMap()
        .forEach((key, value) -> line.put("labels." + LABELS.getOrDefault(key, key), value));
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      line.put("error.type", failure.getClassName())
          .put("error.message", failure.getMessage())
          .put("error.stack_trace", stack.convert(event));
    }
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
