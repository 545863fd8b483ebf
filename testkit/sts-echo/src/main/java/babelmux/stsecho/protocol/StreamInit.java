package babelmux.stsecho.protocol;

import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import com.fasterxml.jackson.databind.JsonNode;

/** A {@code stream:init} that keeps to the contract. */
record StreamInit(
    String streamId,
    String workerId,
    String sourceLanguage,
    String targetLanguage,
    String voiceProfile,
    int chunkDurationMs,
    int sampleRateHz,
    int channels,
    String format,
    int maxInflight,
    int timeoutMs) {

  static StreamInit read(JsonNode payload) throws BadPayload {
    Fields init = Fields.of("stream:init", payload);
    Fields config = init.object("config");
    return new StreamInit(
        filled(init, "stream_id"),
        filled(init, "worker_id"),
        config.textOr("source_language", "en"),
        config.textOr("target_language", "es"),
        config.textOr("voice_profile", "default"),
        config.integer("chunk_duration_ms", 1000, 100, 6000),
        config.integer("sample_rate_hz", 48_000, 8000, 96_000),
        config.integer("channels", 1, 1, 2),
        config.textOr("format", "m4a"),
        init.integer("max_inflight", 3, 1, 10),
        init.integer("timeout_ms", 8000, 1000, 30_000));
  }

  private static String filled(Fields fields, String name) throws BadPayload {
    String value = fields.text(name);
    if (value.isEmpty()) {
      throw new BadPayload("stream:init.%s: empty, expected a name".formatted(name));
    }
    return value;
  }
}
