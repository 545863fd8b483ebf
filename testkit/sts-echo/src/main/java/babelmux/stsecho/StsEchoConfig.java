package babelmux.stsecho;

import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.protocol.Backpressure;
import babelmux.stsecho.protocol.Dialect;
import babelmux.stsecho.protocol.ProtocolSettings;
import babelmux.stsecho.socketio.SocketIoOptions;
import babelmux.stsecho.voice.VoiceKind;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the stand-in server. Immutable; made by {@link #builder()}.
 *
 * @param host address to bind
 * @param port TCP port; 0 takes a free one
 * @param path Socket.IO path; a trailing slash is left out
 * @param voice what is said for what came
 * @param dialect which of the two servers in the field is imitated where they differ
 * @param processingDelay every answer comes this long after its fragment, or later
 * @param backpressure when clients are asked to slow down
 * @param pingInterval between two Engine.IO pings
 * @param pingTimeout for the answer to one
 * @param autoDisconnect from stream:complete to the end of the connection
 * @param maxBufferBytes longest message received; WebSocket messages end at 16 MiB anyway
 * @param token what {@code auth.token} must be; null lets everybody in
 * @param voiceThreads threads that decode and encode sound
 * @param faults the fault drill from the start
 */
public record StsEchoConfig(
    String host,
    int port,
    String path,
    VoiceKind voice,
    Dialect dialect,
    Duration processingDelay,
    Backpressure backpressure,
    Duration pingInterval,
    Duration pingTimeout,
    Duration autoDisconnect,
    int maxBufferBytes,
    @Nullable String token,
    int voiceThreads,
    FaultPlan faults) {

  private static final int MAX_FRAME_BYTES = 16 << 20;
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/-]+");
  private static final Set<String> TAKEN = Set.of("/health", "/drill");

  public StsEchoConfig {
    path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (!PATH.matcher(path).matches() || TAKEN.contains(path) || path.startsWith("/drill/")) {
      throw new IllegalArgumentException(
          "path: '%s', expected one such as /socket.io, and neither /health nor /drill"
              .formatted(path));
    }
  }

  /** Loopback, port 3000, voice echo, no delay, no backpressure, no token. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The defaults, changed by the variables that the echo server in the field reads: ECHO_HOST,
   * ECHO_PORT, ECHO_PROCESSING_DELAY_MS, BACKPRESSURE_ENABLED, BACKPRESSURE_THRESHOLD_LOW, _MEDIUM
   * and _HIGH, WS_MAX_BUFFER_SIZE, WS_PING_INTERVAL, WS_PING_TIMEOUT, AUTO_DISCONNECT_DELAY; and,
   * only when REQUIRE_AUTH is true, STS_API_KEY.
   *
   * @throws IllegalArgumentException for an impossible value; names variable, value and expectation
   */
  public static Builder fromEnvironment(Map<String, String> environment) {
    return Environment.read(environment);
  }

  SocketIoOptions socketIoOptions() {
    return new SocketIoOptions(
        host,
        port,
        path,
        pingInterval,
        pingTimeout,
        Math.min(MAX_FRAME_BYTES, maxBufferBytes),
        maxBufferBytes);
  }

  ProtocolSettings protocolSettings() {
    return new ProtocolSettings(
        dialect, voice, processingDelay, autoDisconnect, backpressure, token, voiceThreads);
  }

  @Override
  public String toString() {
    return "StsEchoConfig[%s:%d%s, voice=%s, dialect=%s, processingDelay=%s, token=%s]"
        .formatted(
            host,
            port,
            path,
            voice.label(),
            dialect.label(),
            processingDelay,
            token == null ? "none" : "(set)");
  }

  /** Collects settings; each method sets the one of its name. Not thread-safe. */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port = 3000;
    private String path = "/socket.io";
    private VoiceKind voice = VoiceKind.ECHO;
    private Dialect dialect = Dialect.ECHO;
    private Duration processingDelay = Duration.ZERO;
    private Backpressure backpressure = new Backpressure.Off();
    private Duration pingInterval = Duration.ofSeconds(25);
    private Duration pingTimeout = Duration.ofSeconds(10);
    private Duration autoDisconnect = Duration.ofSeconds(5);
    private int maxBufferBytes = 52_428_800;
    private @Nullable String token;
    private int voiceThreads = 2;
    private FaultPlan faults = FaultPlan.NONE;

    private Builder() {}

    public Builder host(String value) {
      host = value;
      return this;
    }

    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder path(String value) {
      path = value;
      return this;
    }

    public Builder voice(VoiceKind value) {
      voice = value;
      return this;
    }

    public Builder dialect(Dialect value) {
      dialect = value;
      return this;
    }

    public Builder processingDelay(Duration value) {
      processingDelay = value;
      return this;
    }

    public Builder backpressure(Backpressure value) {
      backpressure = value;
      return this;
    }

    public Builder pingInterval(Duration value) {
      pingInterval = value;
      return this;
    }

    public Builder pingTimeout(Duration value) {
      pingTimeout = value;
      return this;
    }

    public Builder autoDisconnect(Duration value) {
      autoDisconnect = value;
      return this;
    }

    public Builder maxBufferBytes(int value) {
      maxBufferBytes = value;
      return this;
    }

    public Builder token(@Nullable String value) {
      token = value;
      return this;
    }

    public Builder voiceThreads(int value) {
      voiceThreads = value;
      return this;
    }

    public Builder faults(FaultPlan value) {
      faults = value;
      return this;
    }

    /**
     * Checks and builds.
     *
     * @throws IllegalArgumentException for an impossible path; names it and the expectation
     */
    public StsEchoConfig build() {
      return new StsEchoConfig(
          host,
          port,
          path,
          voice,
          dialect,
          processingDelay,
          backpressure,
          pingInterval,
          pingTimeout,
          autoDisconnect,
          maxBufferBytes,
          token,
          voiceThreads,
          faults);
    }
  }
}
