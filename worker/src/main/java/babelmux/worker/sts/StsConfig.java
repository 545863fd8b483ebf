package babelmux.worker.sts;

import babelmux.worker.retry.Backoff;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings by which all streams of a worker reach the STS service. Immutable; made by {@link
 * #builder}. The token never prints.
 *
 * @param url scheme (http, https, ws, wss), host and port
 * @param path of the Socket.IO endpoint, beginning with a slash
 * @param namespace Socket.IO namespace, beginning with a slash
 * @param token sent as {@code auth.token}; null sends none
 * @param voiceProfile name of a voice that the service knows
 * @param maxInFlight fragments that may be unanswered at a time, 1 to 10; the service may lower it
 * @param connectTimeout for socket, TLS, Engine.IO and Socket.IO handshake together
 * @param readyTimeout from stream:init to stream:ready
 * @param maxMessageBytes longest message sent or received
 * @param breaker when to stop bothering a failing service
 * @param reconnect waits between attempts to connect
 * @param stableAfter a session that lasted this long starts the waits from the first again
 * @param caFile PEM certificates trusted beside the system's; null for none
 */
public record StsConfig(
    URI url,
    String path,
    String namespace,
    @Nullable String token,
    String voiceProfile,
    int maxInFlight,
    Duration connectTimeout,
    Duration readyTimeout,
    int maxMessageBytes,
    BreakerSettings breaker,
    Backoff reconnect,
    Duration stableAfter,
    @Nullable Path caFile) {

  /** The voice that every server knows. */
  public static final String DEFAULT_VOICE = "default";

  /** 2, 4, 8, 16, 32 s, then 32 to 60 s. */
  public static final Backoff DEFAULT_RECONNECT =
      new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(32), Duration.ofSeconds(60));

  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

  public StsConfig {
    checkUrl(url);
    slashed("path", path);
    slashed("namespace", namespace);
    Checks.length("voiceProfile", voiceProfile, 1, 64);
    Checks.range("maxInFlight", maxInFlight, 1, 10);
    Checks.positive("connectTimeout", connectTimeout);
    Checks.positive("readyTimeout", readyTimeout);
    Checks.range("maxMessageBytes", maxMessageBytes, 1 << 16, 64 << 20);
    Checks.positive("stableAfter", stableAfter);
  }

  /** The defaults of the contract, for a service at this URL. */
  public static Builder builder(URI url) {
    return new Builder(url);
  }

  /** The same with another token; null sends none. */
  public StsConfig withToken(@Nullable String other) {
    return new StsConfig(
        url,
        path,
        namespace,
        other,
        voiceProfile,
        maxInFlight,
        connectTimeout,
        readyTimeout,
        maxMessageBytes,
        breaker,
        reconnect,
        stableAfter,
        caFile);
  }

  private static void checkUrl(URI url) {
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "url has credentials, a query or a fragment (not shown), expected none of them");
    }
    boolean usable =
        url.getScheme() != null && SCHEMES.contains(url.getScheme()) && url.getHost() != null;
    boolean bare = url.getRawPath() == null || url.getRawPath().isEmpty();
    if (!usable || !(bare || url.getRawPath().equals("/"))) {
      throw new IllegalArgumentException(
          "url is \"%s\", expected http, https, ws or wss, a host and no path".formatted(url));
    }
  }

  private static void slashed(String field, String value) {
    if (!value.startsWith("/")) {
      throw new IllegalArgumentException(
          "%s is \"%s\", expected a leading slash".formatted(field, value));
    }
  }

  @Override
  public String toString() {
    return "StsConfig[%s%s, namespace=%s, token=%s, voice=%s]"
        .formatted(url, path, namespace, token == null ? "none" : "(set)", voiceProfile);
  }

  /** Collects settings; each method sets the one of its name. Not thread-safe. */
  public static final class Builder {
    private final URI url;
    private String path = "/socket.io/";
    private String namespace = "/";
    private @Nullable String token;
    private String voiceProfile = DEFAULT_VOICE;
    private int maxInFlight = 3;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration readyTimeout = Duration.ofSeconds(10);
    private int maxMessageBytes = 10 << 20;
    private BreakerSettings breaker = BreakerSettings.DEFAULT;
    private Backoff reconnect = DEFAULT_RECONNECT;
    private Duration stableAfter = Duration.ofSeconds(30);
    private @Nullable Path caFile;

    private Builder(URI url) {
      this.url = url;
    }

    public Builder path(String value) {
      path = value;
      return this;
    }

    public Builder namespace(String value) {
      namespace = value;
      return this;
    }

    public Builder token(@Nullable String value) {
      token = value;
      return this;
    }

    public Builder voiceProfile(String value) {
      voiceProfile = value;
      return this;
    }

    public Builder maxInFlight(int value) {
      maxInFlight = value;
      return this;
    }

    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    public Builder readyTimeout(Duration value) {
      readyTimeout = value;
      return this;
    }

    public Builder maxMessageBytes(int value) {
      maxMessageBytes = value;
      return this;
    }

    public Builder breaker(BreakerSettings value) {
      breaker = value;
      return this;
    }

    public Builder reconnect(Backoff value) {
      reconnect = value;
      return this;
    }

    public Builder stableAfter(Duration value) {
      stableAfter = value;
      return this;
    }

    public Builder caFile(@Nullable Path value) {
      caFile = value;
      return this;
    }

    /**
     * Checks and builds.
     *
     * @throws IllegalArgumentException for an impossible value; names field, value and expectation
     */
    public StsConfig build() {
      return new StsConfig(
          url,
          path,
          namespace,
          token,
          voiceProfile,
          maxInFlight,
          connectTimeout,
          readyTimeout,
          maxMessageBytes,
          breaker,
          reconnect,
          stableAfter,
          caFile);
    }
  }
}
