package babelmux.origin;

import babelmux.origin.hook.HookCommand;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Settings of a media server, the same for the embedded origin and MediaMTX. Immutable. */
public final class OriginConfig {
  private final Builder values;

  private OriginConfig(Builder values) {
    this.values = values;
  }

  /** All defaults: loopback, free ports, no hooks, nothing needs credentials. */
  public static OriginConfig defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with these settings. */
  public Builder toBuilder() {
    return new Builder(values);
  }

  public String host() {
    return values.host;
  }

  /** 0 = a free one. */
  public int rtmpPort() {
    return values.rtmpPort;
  }

  /** 0 = a free one. */
  public int apiPort() {
    return values.apiPort;
  }

  /** Port of MediaMTX's HLS, or of the embedded origin's HTTP-FLV; 0 = a free one. */
  public int hlsPort() {
    return values.hlsPort;
  }

  /** 0 = no RTSP. The embedded origin has none. */
  public int rtspPort() {
    return values.rtspPort;
  }

  /** 0 = no SRT. The embedded origin has none. */
  public int srtPort() {
    return values.srtPort;
  }

  /** As MediaMTX writes it: a name, or {@code ~} and a regular expression. */
  public String hookPath() {
    return values.hookPath;
  }

  public @Nullable String onReady() {
    return values.onReady;
  }

  public @Nullable String onNotReady() {
    return values.onNotReady;
  }

  public boolean onReadyRestart() {
    return values.onReadyRestart;
  }

  public Map<String, String> hookEnvironment() {
    return values.hookEnvironment;
  }

  public boolean overridePublisher() {
    return values.overridePublisher;
  }

  public Duration readTimeout() {
    return values.readTimeout;
  }

  public Duration writeTimeout() {
    return values.writeTimeout;
  }

  /** Messages that wait for a slow reader before they are discarded; a power of two. */
  public int writeQueueSize() {
    return values.writeQueueSize;
  }

  /** RTMP connections at once; the embedded origin closes what comes beyond. */
  public int maxConnections() {
    return values.maxConnections;
  }

  /** Null: anyone. */
  public @Nullable Credentials publishCredentials() {
    return values.publishCredentials;
  }

  /** Null: anyone. */
  public @Nullable Credentials readCredentials() {
    return values.readCredentials;
  }

  /** Null: anyone on this machine. */
  public @Nullable Credentials apiCredentials() {
    return values.apiCredentials;
  }

  Pattern hookPattern() {
    return hookPath().startsWith("~")
        ? Pattern.compile(hookPath().substring(1))
        : Pattern.compile("^" + Pattern.quote(hookPath()) + "$");
  }

  /** Collects settings; {@link #build} checks them. */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int rtmpPort;
    private int apiPort;
    private int hlsPort;
    private int rtspPort;
    private int srtPort;
    private String hookPath = "~^live/([A-Za-z0-9_-]+)/in$";
    private @Nullable String onReady;
    private @Nullable String onNotReady;
    private boolean onReadyRestart;
    private Map<String, String> hookEnvironment = Map.of();
    private boolean overridePublisher = true;
    private Duration readTimeout = Duration.ofSeconds(10);
    private Duration writeTimeout = Duration.ofSeconds(10);
    private int writeQueueSize = 512;
    private int maxConnections = 1000;
    private @Nullable Credentials publishCredentials;
    private @Nullable Credentials readCredentials;
    private @Nullable Credentials apiCredentials;

    private Builder() {}

    private Builder(Builder other) {
      host = other.host;
      rtmpPort = other.rtmpPort;
      apiPort = other.apiPort;
      hlsPort = other.hlsPort;
      rtspPort = other.rtspPort;
      srtPort = other.srtPort;
      hookPath = other.hookPath;
      onReady = other.onReady;
      onNotReady = other.onNotReady;
      onReadyRestart = other.onReadyRestart;
      hookEnvironment = other.hookEnvironment;
      overridePublisher = other.overridePublisher;
      readTimeout = other.readTimeout;
      writeTimeout = other.writeTimeout;
      writeQueueSize = other.writeQueueSize;
      maxConnections = other.maxConnections;
      publishCredentials = other.publishCredentials;
      readCredentials = other.readCredentials;
      apiCredentials = other.apiCredentials;
    }

    public Builder host(String value) {
      host = value;
      return this;
    }

    public Builder rtmpPort(int value) {
      rtmpPort = value;
      return this;
    }

    public Builder apiPort(int value) {
      apiPort = value;
      return this;
    }

    /** HLS (MediaMTX) or HTTP-FLV (embedded origin) on this port; 0 for a free one. */
    public Builder hlsPort(int value) {
      hlsPort = value;
      return this;
    }

    /** RTSP over TCP on this port; 0 for none. */
    public Builder rtspPort(int value) {
      rtspPort = value;
      return this;
    }

    /** SRT on this UDP port; 0 for none. */
    public Builder srtPort(int value) {
      srtPort = value;
      return this;
    }

    public Builder hookPath(String value) {
      hookPath = value;
      return this;
    }

    /** Command line run when a path of {@link #hookPath} becomes ready. */
    public Builder onReady(@Nullable String value) {
      onReady = value;
      return this;
    }

    /** Command line run when it is not ready any more. */
    public Builder onNotReady(@Nullable String value) {
      onNotReady = value;
      return this;
    }

    /** Run the ready command again 5 s after it ended, as long as the stream lives. */
    public Builder onReadyRestart(boolean value) {
      onReadyRestart = value;
      return this;
    }

    /** More environment for hooks, e.g. {@code ORCHESTRATOR_URL}. */
    public Builder hookEnvironment(Map<String, String> value) {
      hookEnvironment = Map.copyOf(value);
      return this;
    }

    /** Sets whether a second publisher disconnects the first one (true) or is refused. */
    public Builder overridePublisher(boolean value) {
      overridePublisher = value;
      return this;
    }

    /** Time for which a publisher may send nothing. */
    public Builder readTimeout(Duration value) {
      readTimeout = value;
      return this;
    }

    /** Time for which a write to a reader may be blocked. */
    public Builder writeTimeout(Duration value) {
      writeTimeout = value;
      return this;
    }

    public Builder writeQueueSize(int value) {
      writeQueueSize = value;
      return this;
    }

    public Builder maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    public Builder publishCredentials(@Nullable Credentials value) {
      publishCredentials = value;
      return this;
    }

    public Builder readCredentials(@Nullable Credentials value) {
      readCredentials = value;
      return this;
    }

    public Builder apiCredentials(@Nullable Credentials value) {
      apiCredentials = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming the setting, its value and what was expected
     */
    public OriginConfig build() {
      requirePort("rtmpPort", rtmpPort);
      requirePort("apiPort", apiPort);
      requirePort("hlsPort", hlsPort);
      requirePort("rtspPort", rtspPort);
      requirePort("srtPort", srtPort);
      requirePositive("readTimeout", readTimeout);
      requirePositive("writeTimeout", writeTimeout);
      if (writeQueueSize < 1 || Integer.bitCount(writeQueueSize) != 1) {
        throw new IllegalArgumentException(
            "writeQueueSize " + writeQueueSize + ": expected a power of two");
      }
      if (maxConnections < 1) {
        throw new IllegalArgumentException(
            "maxConnections " + maxConnections + ": expected 1 or more");
      }
      OriginConfig config = new OriginConfig(new Builder(this));
      try {
        config.hookPattern();
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "hookPath " + hookPath + ": expected a name or ~ and a regular expression", e);
      }
      requireCommand(onReady);
      requireCommand(onNotReady);
      return config;
    }

    private static void requirePort(String name, int port) {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(name + " " + port + ": expected 0 (free) to 65535");
      }
    }

    private static void requirePositive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + " " + value + ": expected more than 0");
      }
    }

    private static void requireCommand(@Nullable String command) {
      if (command != null) {
        HookCommand.parse(command);
      }
    }
  }

  /** The environment of a hook without our additions, by name. */
  Map<String, String> environmentFor(Map<String, String> own) {
    Map<String, String> all = new LinkedHashMap<>(hookEnvironment());
    all.putAll(own);
    return all;
  }
}
