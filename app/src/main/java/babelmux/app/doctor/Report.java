package babelmux.app.doctor;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The result of one run.
 *
 * @param time when it began
 * @param version of the babelmux that looked
 * @param level the worst level of the findings
 * @param tookMs how long it took
 * @param findings from the publisher to the viewer
 */
public record Report(
    Instant time, String version, Level level, long tookMs, List<Finding> findings) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(
                      Instant.class,
                      new FromStringDeserializer<>(Instant.class) {
                        @Override
                        protected Instant _deserialize(
                            String value, DeserializationContext context) {
                          return Instant.parse(value);
                        }
                      }))
          .enable(SerializationFeature.INDENT_OUTPUT)
          // A newer worker may tell more.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public Report {
    requireNonNull(level, "level");
    findings = List.copyOf(findings);
  }

  /** A report whose level is that of its worst finding. */
  static Report of(Instant time, String version, long tookMs, List<Finding> findings) {
    Level worst = findings.stream().map(Finding::level).max(Level::compareTo).orElse(Level.OK);
    return new Report(time, version, worst, tookMs, findings);
  }

  /** A report from its JSON; empty when it is none. */
  static Optional<Report> parse(String json) {
    try {
      return Optional.of(JSON.readValue(json, Report.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** As {@code --json} prints it: the same fields as {@code GET /v1/doctor} has. */
  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report can always be written", e);
    }
  }
}
