package babelmux.app.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a relay read, and what each of its destinations got of that. Without secrets.
 *
 * @param complete whether every destination got everything
 */
public record RelayReport(boolean complete, Source source, List<Destination> destinations) {

  /**
   * @param video codec and size; null without video
   * @param audio codec, rate and channels; null without audio
   * @param packets sent on
   * @param seconds of media sent on, without holes
   * @param connections times that it was read
   * @param dropped packets that were read and not sent on, by reason
   * @param ignored tracks that were not read; null when there were none
   * @param lastError why it was last lost or not opened; null when it never was
   */
  public record Source(
      String url,
      @Nullable String video,
      @Nullable String audio,
      long packets,
      double seconds,
      long connections,
      Map<String, Long> dropped,
      @Nullable String ignored,
      @Nullable String lastError) {}

  /**
   * @param complete whether it got every packet that was sent on
   * @param state when the source had ended
   * @param packets written
   * @param seconds of media written, without holes
   * @param bytes of payload written
   * @param dropped packets that it did not get
   * @param droppedBy the same by reason
   * @param reconnections connections after the first one
   * @param lastError null when nothing has failed since it was last up
   */
  public record Destination(
      String name,
      String url,
      boolean complete,
      String state,
      long packets,
      double seconds,
      long bytes,
      long dropped,
      Map<String, Long> droppedBy,
      long reconnections,
      @Nullable String lastError) {}

  /** A report of these parts. */
  public static RelayReport of(Source source, List<Destination> destinations) {
    boolean complete =
        source.packets() > 0 && destinations.stream().allMatch(Destination::complete);
    return new RelayReport(complete, source, destinations);
  }

  /** As JSON, indented. */
  public String json() {
    try {
      return JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build()
          .writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For people: a line for the source and one for each destination. */
  public String text() {
    String name = "%-" + width() + "s";
    return sourceLine()
        + destinations.stream()
            .map(destination -> "\n  " + name.formatted(destination.name()) + line(destination))
            .collect(Collectors.joining());
  }

  private int width() {
    return destinations.stream().mapToInt(each -> each.name().length()).max().orElse(1);
  }

  private String sourceLine() {
    StringBuilder line = new StringBuilder(source.url());
    if (source.packets() == 0) {
      return line.append(": nothing was read: ").append(source.lastError()).toString();
    }
    line.append(
        String.format(
            Locale.ROOT,
            " (%s, %s): %.1f s, %d packets, read %s",
            source.video() == null ? "no video" : source.video(),
            source.audio() == null ? "no audio" : source.audio(),
            source.seconds(),
            source.packets(),
            times(source.connections())));
    if (!source.dropped().isEmpty()) {
      line.append(", not sent on: ").append(reasons(source.dropped()));
    }
    if (source.ignored() != null) {
      line.append("; ").append(source.ignored());
    }
    return line.toString();
  }

  private static String line(Destination destination) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "  %s, %s: %.1f s, %d packets, %d bytes, %d dropped",
                destination.complete() ? "complete" : "NOT complete",
                destination.state(),
                destination.seconds(),
                destination.packets(),
                destination.bytes(),
                destination.dropped()));
    if (!destination.droppedBy().isEmpty()) {
      line.append(" (").append(reasons(destination.droppedBy())).append(')');
    }
    if (destination.reconnections() > 0) {
      line.append(", connected again ").append(times(destination.reconnections()));
    }
    if (destination.lastError() != null) {
      line.append("; ").append(destination.lastError());
    }
    return line.toString();
  }

  private static String times(long count) {
    return count == 1 ? "once" : count + " times";
  }

  private static String reasons(Map<String, Long> reasons) {
    return reasons.entrySet().stream()
        .map(reason -> reason.getValue() + " " + reason.getKey())
        .collect(Collectors.joining(", "));
  }
}
