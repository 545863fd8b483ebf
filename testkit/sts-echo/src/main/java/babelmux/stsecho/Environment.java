package babelmux.stsecho;

import babelmux.stsecho.protocol.Backpressure;
import java.time.Duration;
import java.util.Map;

/** Reads the variables of the echo server in the field. Pure. */
final class Environment {
  private final Map<String, String> variables;

  private Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  static StsEchoConfig.Builder read(Map<String, String> variables) {
    return new Environment(variables).read();
  }

  private StsEchoConfig.Builder read() {
    StsEchoConfig.Builder builder =
        StsEchoConfig.builder()
            .host(variables.getOrDefault("ECHO_HOST", "127.0.0.1"))
            .port(integer("ECHO_PORT", 3000, 0, 65_535))
            .processingDelay(Duration.ofMillis(integer("ECHO_PROCESSING_DELAY_MS", 0, 0, 600_000)))
            .pingInterval(Duration.ofSeconds(integer("WS_PING_INTERVAL", 25, 1, 3600)))
            .pingTimeout(Duration.ofSeconds(integer("WS_PING_TIMEOUT", 10, 1, 3600)))
            .autoDisconnect(Duration.ofSeconds(integer("AUTO_DISCONNECT_DELAY", 5, 0, 3600)))
            .maxBufferBytes(integer("WS_MAX_BUFFER_SIZE", 52_428_800, 65_536, 1 << 30));
    if (isTrue("BACKPRESSURE_ENABLED")) {
      builder.backpressure(
          new Backpressure.Thresholds(
              share("BACKPRESSURE_THRESHOLD_LOW", 0.5),
              share("BACKPRESSURE_THRESHOLD_MEDIUM", 0.7),
              share("BACKPRESSURE_THRESHOLD_HIGH", 0.9)));
    }
    if (isTrue("REQUIRE_AUTH")) {
      builder.token(required("STS_API_KEY"));
    }
    return builder;
  }

  private boolean isTrue(String name) {
    return "true".equalsIgnoreCase(variables.get(name));
  }

  private String required(String name) {
    String value = variables.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: not set, expected a key because REQUIRE_AUTH is true".formatted(name));
    }
    return value;
  }

  private int integer(String name, int fallback, int min, int max) {
    String value = variables.get(name);
    if (value == null || value.isEmpty()) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw new IllegalArgumentException(
        "%s: '%s', expected an integer from %d to %d".formatted(name, value, min, max));
  }

  private double share(String name, double fallback) {
    String value = variables.get(name);
    if (value == null || value.isEmpty()) {
      return fallback;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= 0 && number <= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw new IllegalArgumentException(
        "%s: '%s', expected a number from 0 to 1".formatted(name, value));
  }
}
