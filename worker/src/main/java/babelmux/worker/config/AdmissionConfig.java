package babelmux.worker.config;

import java.util.List;

/**
 * Settings of what a new stream is refused for, beside the limit of streams.
 *
 * @param bitrateBps bits a second that a new stream is expected to have at least
 * @param memory whether a stream that does not fit into the memory is refused
 * @param cpu whether a stream is refused while running ones leave late
 */
public record AdmissionConfig(int bitrateBps, boolean memory, boolean cpu) {

  static final Setting<Integer> BITRATE =
      Setting.of(
          "admission.bitrate",
          Parsers.bitrate(100_000, 500_000_000),
          "6M",
          "Bits a second that a new stream is expected to have at least; more when those that run have"
              + " more in the mean. Times delay, it is the memory that the stream will need.");

  static final Setting<Boolean> MEMORY =
      Setting.of(
          "admission.memory",
          Parsers.bool(),
          "true",
          "Refuse a new stream that would not fit into the memory of the container, or of the machine.");

  static final Setting<Boolean> CPU =
      Setting.of(
          "admission.cpu",
          Parsers.bool(),
          "true",
          "Refuse new streams while more than 1 % of the packets of running ones leave over 100 ms late,"
              + " for 30 s now.");

  static final List<Setting<?>> SETTINGS = List.of(BITRATE, MEMORY, CPU);

  static AdmissionConfig from(Values values) {
    return new AdmissionConfig(values.get(BITRATE), values.get(MEMORY), values.get(CPU));
  }
}
