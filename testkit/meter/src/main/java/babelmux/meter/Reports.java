package babelmux.meter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** Writes what the meter found as JSON: the records' own names, times in microseconds. */
public final class Reports {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Reports() {}

  /**
   * JSON of a {@link Recording}, {@link AvReport}, {@link PacketLog}, {@link Slices.Comparison} or
   * a tone's record.
   */
  public static String toJson(Record report) {
    try {
      return JSON.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + report.getClass(), e);
    }
  }
}
