package babelmux.stsecho.protocol;

import babelmux.stsecho.voice.VoiceKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Behaviour of the server towards every client.
 *
 * @param dialect which server is imitated where they differ
 * @param voice what is said
 * @param processingDelay from the arrival of a fragment to its answer, at least
 * @param autoDisconnect from stream:complete to the end of the connection
 * @param backpressure of new sessions
 * @param token what {@code auth.token} must be; null lets everybody in
 * @param voiceThreads threads that decode and encode sound
 */
public record ProtocolSettings(
    Dialect dialect,
    VoiceKind voice,
    Duration processingDelay,
    Duration autoDisconnect,
    Backpressure backpressure,
    @Nullable String token,
    int voiceThreads) {

  @Override
  public String toString() {
    return "ProtocolSettings[dialect=%s, voice=%s, token=%s]"
        .formatted(dialect, voice, token == null ? "none" : "(set)");
  }
}
