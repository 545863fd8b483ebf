package babelmux.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of a dubbed segment went, in milliseconds.
 *
 * @param beforeSent from its cut until it was sent
 * @param roundTrip until the STS had answered
 * @param afterAnswer until the answer was decoded and as long as its slot
 */
record SegmentTimes(double beforeSent, double roundTrip, double afterAnswer) {

  /** From the cut until the STS had answered: what {@code sts.limit} has to hold. */
  double untilAnswer() {
    return beforeSent + roundTrip;
  }

  /**
   * Reads the segments that were dubbed.
   *
   * @param since those that were cut before are left out
   * @param events of {@code GET /v1/streams/ID/debug}
   */
  static List<SegmentTimes> of(JsonNode events, Instant since) {
    Map<Long, Map<String, Instant>> times = new HashMap<>();
    List<SegmentTimes> all = new ArrayList<>();
    for (JsonNode event : events) {
      if (!event.path("segment").isNumber()) {
        continue;
      }
      Map<String, Instant> segment =
          times.computeIfAbsent(event.path("segment").asLong(), key -> new HashMap<>());
      segment.put(event.path("event").asText(), Instant.parse(event.path("at").asText()));
      Instant cut = segment.get("cut");
      Instant sent = segment.get("sent");
      Instant answered = segment.get("answered");
      Instant dubbed = segment.remove("dubbed");
      if (cut != null
          && !cut.isBefore(since)
          && sent != null
          && answered != null
          && dubbed != null) {
        all.add(
            new SegmentTimes(millis(cut, sent), millis(sent, answered), millis(answered, dubbed)));
      }
    }
    return all;
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }
}
