package babelmux.stsecho.protocol;

import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import babelmux.stsecho.voice.FragmentAudio;
import com.fasterxml.jackson.databind.JsonNode;

/** A {@code fragment:data} that keeps to the contract. */
record FragmentData(String fragmentId, String streamId, int sequenceNumber, FragmentAudio audio) {

  /** Base64 of 10 MiB. */
  static final int MAX_BASE64 = 13_981_017;

  /** Sound may come as the object of the contract or as a bare base64 string. */
  static FragmentData read(JsonNode payload, StreamInit session) throws BadPayload {
    Fields fields = Fields.of("fragment:data", payload);
    fields.number("timestamp", 0, 0, Long.MAX_VALUE);
    return new FragmentData(
        fields.text("fragment_id"),
        fields.text("stream_id"),
        fields.integer("sequence_number", 0, Integer.MAX_VALUE),
        audio(fields, session));
  }

  boolean tooLarge() {
    return audio.dataBase64().length() > MAX_BASE64;
  }

  private static FragmentAudio audio(Fields fields, StreamInit session) throws BadPayload {
    JsonNode bare = fields.value("audio");
    if (bare != null && bare.isTextual()) {
      return new FragmentAudio(
          session.format(),
          session.sampleRateHz(),
          session.channels(),
          session.chunkDurationMs(),
          bare.textValue());
    }
    Fields audio = fields.object("audio");
    return new FragmentAudio(
        audio.textOr("format", "m4a"),
        audio.integer("sample_rate_hz", 8000, 96_000),
        audio.integer("channels", 1, 2),
        audio.integer("duration_ms", 0, 60_000),
        audio.text("data_base64"));
  }
}
