package babelmux.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** States of a stream, as the worker's API tells them. */
public final class StreamStates {
  /** States in which the worker has read a packet and reads on. */
  public static final Set<String> READING = Set.of("BUFFERING", "LIVE");

  private StreamStates() {}

  /** Returns whether the worker reads a stream, by the body of {@code GET /v1/streams/{id}}. */
  public static boolean isReading(JsonNode stream) {
    return READING.contains(stream.path("state").asText());
  }
}
