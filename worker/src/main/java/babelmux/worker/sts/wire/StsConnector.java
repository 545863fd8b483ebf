package babelmux.worker.sts.wire;

import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsReach;
import babelmux.worker.tls.TrustedCertificates;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections of a worker to its STS service. They share one HTTP client. Thread-safe;
 * whoever makes it closes it, after the connections.
 */
public final class StsConnector implements AutoCloseable {

  /** Looks up a host's addresses. */
  public interface Resolver {
    List<InetAddress> addresses(String host) throws UnknownHostException;
  }

  private static final int MAX_CONNECTIONS = 10_000;
  private static final int ADDRESSES_IN_TIME = 4;

  private volatile StsConfig config;
  private final ScheduledExecutorService timers;
  private final OkHttpClient client;

  /**
   * A connector without connections.
   *
   * @param timers for what connections do later; not closed here
   * @throws IllegalArgumentException if the configured certificates cannot be used
   */
  public StsConnector(StsConfig config, ScheduledExecutorService timers, Resolver resolver) {
    this.config = config;
    this.timers = timers;
    this.client = client(config, resolver);
  }

  private static OkHttpClient client(StsConfig config, Resolver resolver) {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(MAX_CONNECTIONS);
    dispatcher.setMaxRequestsPerHost(MAX_CONNECTIONS);
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            // A redirect would carry the token to a host that nobody has set.
            .followRedirects(false)
            .followSslRedirects(false)
            .dns(resolver::addresses)
            // Counts for each address of a name: the first may be dead, and the link's own limit
            // covers them all.
            .connectTimeout(config.connectTimeout().dividedBy(ADDRESSES_IN_TIME))
            .readTimeout(0, TimeUnit.MILLISECONDS)
            .writeTimeout(0, TimeUnit.MILLISECONDS)
            // Base64 of compressed sound gains nothing, and what is not compressed cannot swell.
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain
                            .request()
                            .newBuilder()
                            .removeHeader("Sec-WebSocket-Extensions")
                            .build()));
    if (config.caFile() != null) {
      TrustedCertificates trusted = TrustedCertificates.withFile("caFile", config.caFile());
      builder.sslSocketFactory(trusted.sockets(), trusted.manager());
    } else if (!isEncrypted(config.url())) {
      // The JDK's certificates would be read for nothing: a tenth of a second of each start.
      builder.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
    }
    return builder.build();
  }

  private static boolean isEncrypted(URI url) {
    return !"http".equalsIgnoreCase(url.getScheme()) && !"ws".equalsIgnoreCase(url.getScheme());
  }

  /**
   * Sends another token, from the next connection on; null sends none.
   *
   * @return whether it is another one than before
   */
  public synchronized boolean token(@Nullable String token) {
    boolean changed = !Objects.equals(token, config.token());
    config = config.withToken(token);
    return changed;
  }

  /** Begins to connect. */
  public StsConnection connect(String streamId, StsConnection.Listener listener) {
    return new StsConnection(streamId, config, client, timers, listener);
  }

  /**
   * Connects and hangs up again.
   *
   * @return completes within the connect timeout of the settings, never exceptionally
   */
  public CompletableFuture<StsReach> reach(String streamId) {
    ReachAttempt attempt = new ReachAttempt();
    StsConnection connection = connect(streamId, attempt);
    Duration limit = config.connectTimeout();
    timers.schedule(
        () ->
            attempt.result.complete(
                new StsReach.Failed(
                    connection.silence(),
                    0,
                    "",
                    "nothing came within " + limit.toMillis() + " ms")),
        limit.toMillis(),
        TimeUnit.MILLISECONDS);
    attempt.result.thenRun(connection::close);
    return attempt.result.copy();
  }

  /** Cuts what is left of the connections and ends their threads. Idempotent. */
  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
