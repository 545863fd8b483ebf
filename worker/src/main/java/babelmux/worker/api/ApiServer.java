package babelmux.worker.api;

import babelmux.hooks.BodyReader;
import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.TlsConfig;
import babelmux.worker.metrics.RequestRefusal;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP port of the worker. Hooks and constants are answered on the event loop, everything else
 * on threads of its own, scrapes on another one than streams: nothing holds up a hook or a liveness
 * probe. Requests pass {@link AccessRules}; the number of connections and their time are bounded.
 * Whoever started it closes it; the {@link Vertx} stays the caller's.
 */
public final class ApiServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);
  private static final int STREAM_THREADS = 2;
  private static final int START_THREADS = 2;
  private static final int CONTROL_THREADS = 2;
  private static final int SCRAPE_THREADS = 1;
  private static final int EVENT_THREADS = 1;
  private static final int HLS_THREADS = 4;
  private static final int DOCTOR_THREADS = 2;
  static final int MAX_BODY_BYTES = 16 << 10;
  private static final long BODY_MILLIS = 5_000;
  static final int MAX_CONNECTIONS = 1024;
  private static final Duration HEADER_LIMIT = Duration.ofSeconds(10);
  private static final Duration IDLE_LIMIT = Duration.ofMinutes(1);
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
  private static final long REMINDER_MILLIS = Duration.ofHours(1).toMillis();
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Set<String> HOOKS = Set.of("/v1/mediamtx/", "/hooks/mediamtx/");
  private static final String INTERNAL = "internal error; the log has more";
  private static final long STOP_SECONDS = 5;

  private final Pools pools;
  private final Connections connections;
  private final EventFeed events;
  private final HttpServer server;
  private final AccessRules rules;
  private final Vertx vertx;
  private final @Nullable TlsConfig tls;
  private final @Nullable CertificateWatch certificate;
  private final ApiParts parts;
  private final long reminderTimer;

  private ApiServer(
      ApiParts parts,
      Pools pools,
      Connections connections,
      EventFeed events,
      HttpServer server,
      AccessRules rules,
      Vertx vertx,
      @Nullable TlsConfig tls,
      @Nullable CertificateWatch certificate) {
    this.parts = parts;
    this.pools = pools;
    this.connections = connections;
    this.events = events;
    this.server = server;
    this.rules = rules;
    this.vertx = vertx;
    this.tls = tls;
    this.certificate = certificate;
    this.reminderTimer =
        certificate == null
            ? -1
            : vertx.setPeriodic(REMINDER_MILLIS, id -> certificate.reminder().ifPresent(log::warn));
  }

  /** The threads that make answers. Whoever makes them closes them. */
  record Pools(
      WorkerExecutor streams,
      WorkerExecutor start,
      WorkerExecutor control,
      WorkerExecutor scrapes,
      WorkerExecutor hls,
      WorkerExecutor captions,
      WorkerExecutor doctor,
      WorkerExecutor events)
      implements AutoCloseable {
    static Pools of(Vertx vertx) {
      return new Pools(
          vertx.createSharedWorkerExecutor("api", STREAM_THREADS, 1, TimeUnit.MINUTES),
          vertx.createSharedWorkerExecutor("start", START_THREADS, 1, TimeUnit.MINUTES),
          vertx.createSharedWorkerExecutor("control", CONTROL_THREADS, 1, TimeUnit.MINUTES),
          vertx.createSharedWorkerExecutor("scrape", SCRAPE_THREADS, 1, TimeUnit.MINUTES),
          vertx.createSharedWorkerExecutor("hls", HLS_THREADS, 1, TimeUnit.MINUTES),
          vertx.createSharedWorkerExecutor("captions", HLS_THREADS, 1, TimeUnit.MINUTES),
          vertx.createSharedWorkerExecutor("doctor", DOCTOR_THREADS, 2, TimeUnit.MINUTES),
          vertx.createSharedWorkerExecutor("events", EVENT_THREADS, 1, TimeUnit.MINUTES));
    }

    @Override
    public void close() {
      streams.close();
      start.close();
      control.close();
      scrapes.close();
      hls.close();
      captions.close();
      doctor.close();
      events.close();
    }
  }

  /**
   * Makes the Vert.x of a server; with TLS, one that bounds the handshakes that are not finished.
   * The caller's to close.
   */
  public static Vertx vertx(VertxOptions options, HttpConfig http) {
    return http.tls() == null ? Vertx.vertx(options) : HandshakeLimit.vertx(options);
  }

  /**
   * Listens. Blocks until the port is bound.
   *
   * @param vertx of {@link #vertx}
   * @param access who may read and write
   * @throws IOException if that is not possible; the message says where and why, in one line
   * @throws InterruptedException if the caller is interrupted meanwhile
   */
  public static ApiServer start(Vertx vertx, HttpConfig http, AccessConfig access, ApiParts parts)
      throws IOException, InterruptedException {
    return start(vertx, http, access, parts, InstantSource.system(), System::nanoTime);
  }

  /**
   * @param clock wall clock
   * @param nanoTime monotonic clock of sessions, in nanoseconds
   */
  static ApiServer start(
      Vertx vertx,
      HttpConfig http,
      AccessConfig access,
      ApiParts worker,
      InstantSource clock,
      LongSupplier nanoTime)
      throws IOException, InterruptedException {
    TlsConfig tls = http.tls();
    CertificateWatch certificate =
        tls == null ? null : new CertificateWatch(ServerCertificate.read(vertx, tls), clock);
    ApiParts parts = certificate == null ? worker : worker.withReadiness(certificate::with);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(http.host())
            .setPort(http.port())
            .setIdleTimeout((int) IDLE_LIMIT.toSeconds())
            .setCompressionSupported(true)
            .setHttp2ClearTextEnabled(false);
    if (certificate != null) {
      options
          .setSsl(true)
          .setUseAlpn(false)
          .setKeyCertOptions(certificate.used().options())
          .setSslHandshakeTimeout(HandshakeLimit.LIMIT.toSeconds())
          .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }
    AccessRules rules = new AccessRules(access, nanoTime);
    Pools pools = Pools.of(vertx);
    Connections connections =
        new Connections(vertx, MAX_CONNECTIONS, HEADER_LIMIT, IDLE_LIMIT, ANSWER_LIMIT);
    EventFeed events = new EventFeed(vertx, pools.events(), parts);
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connections::opened)
            .requestHandler(handler(vertx, pools, connections, events, rules, parts));
    try {
      Listening.start(server, START_LIMIT);
    } catch (IOException e) {
      close(pools, connections);
      throw new IOException(
          "cannot listen on %s port %d (http.host, http.port): %s"
              .formatted(http.host(), http.port(), e.getMessage()),
          e);
    }
    return new ApiServer(parts, pools, connections, events, server, rules, vertx, tls, certificate);
  }

  private static void close(Pools pools, Connections connections) {
    connections.close();
    pools.close();
  }

  /** The port that is bound: the one asked for, or the free one that was found. */
  public int port() {
    return server.actualPort();
  }

  /** What {@code GET /health/ready} says. Any thread but an event loop. */
  public Readiness readiness() {
    return parts.readiness().get();
  }

  /** Decides by other settings who may read and write, from the next request on. */
  public void use(AccessConfig access) {
    rules.use(access);
    events.checkAccess();
  }

  /**
   * Reads certificate and key again. Connections that are made from now on get them; without TLS,
   * and when they cannot be used, nothing changes. Blocks.
   *
   * @return whether they are other ones than before
   * @throws IOException if they cannot be used; names setting and file
   */
  public synchronized boolean readCertificateAgain() throws IOException, InterruptedException {
    if (tls == null || certificate == null) {
      return false;
    }
    ServerCertificate read = ServerCertificate.read(vertx, tls);
    if (read.isSame(certificate.used())) {
      return false;
    }
    ServerSSLOptions options =
        new ServerSSLOptions()
            .setUseAlpn(false)
            .setKeyCertOptions(read.options())
            .setSslHandshakeTimeout(HandshakeLimit.LIMIT.toSeconds())
            .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    try {
      server
          .updateSSLOptions(options)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("http.tls-cert is %s: cannot be used".formatted(tls.cert()), e);
    }
    certificate.use(read);
    return true;
  }

  /** What clients will say of the certificate soon, or say by now; empty without TLS, too. */
  public Optional<String> certificateWarning(Instant now) {
    return certificate == null ? Optional.empty() : certificate.used().warning(now);
  }

  /** The router refuses requests without a good Host; probes and scrapes do not go through it. */
  private static Handler<HttpServerRequest> handler(
      Vertx vertx,
      Pools pools,
      Connections connections,
      EventFeed events,
      AccessRules rules,
      ApiParts parts) {
    Router router = router(vertx, pools, connections, events, rules, parts);
    Map<String, Endpoints.Endpoint> needNothing =
        new Endpoints(parts, rules)
            .all().stream()
                .filter(Endpoints.Endpoint::needsNothing)
                .collect(Collectors.toMap(Endpoints.Endpoint::path, endpoint -> endpoint));
    return request -> {
      Endpoints.Endpoint endpoint = needNothing.get(request.path());
      boolean reads =
          request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
      if (endpoint == null || !reads) {
        router.handle(request);
        return;
      }
      connections.requested(request);
      answer(pools, endpoint, new ApiRequest("", "", request.query(), Caller.NONE))
          .onSuccess(answer -> answer.send(request.response()))
          .onFailure(
              failure -> {
                log.error("{} failed", endpoint.path(), failure);
                Refusals.of(endpoint.path(), ProblemType.INTERNAL, INTERNAL)
                    .send(request.response());
              });
    };
  }

  static Router router(
      Vertx vertx,
      Pools pools,
      Connections connections,
      EventFeed events,
      AccessRules rules,
      ApiParts parts) {
    Router router = Router.router(vertx);
    router.route().handler(connections::requested);
    parts.browser().mount(router);
    WriteGuard guard = new WriteGuard(rules, parts.writeRefused());
    Audit audit = new Audit(rules);
    Endpoints endpoints = new Endpoints(parts, rules);
    for (Endpoints.Endpoint endpoint : endpoints.all()) {
      guard(router, guard, endpoint);
      router
          .route(endpoint.method(), endpoint.path())
          .handler(
              endpoint.sendsEvents()
                  ? context -> sendEvents(context, pools, endpoint, connections, events, guard)
                  : context -> answer(context, pools, endpoint, parts, audit));
      if (endpoint.method().equals(HttpMethod.GET)) {
        router
            .route(HttpMethod.HEAD, endpoint.path())
            .handler(context -> answer(context, pools, endpoint, parts, audit));
      }
    }
    endpoints.all().stream()
        .collect(Collectors.groupingBy(Endpoints.Endpoint::path))
        .forEach(
            (path, methods) ->
                router.route(path).handler(context -> notAllowed(context, allowed(methods))));
    watchHooks(router, guard, parts.hookAnswered(), parts.hookRefused());
    parts.hooks().accept(router);
    // Behind the hooks, which have an answer of their own to what is malformed.
    router.errorHandler(400, context -> malformed(context, guard, parts));
    router.errorHandler(
        404, context -> refuse(context, ProblemType.NOT_FOUND, "nothing is at this path"));
    router.errorHandler(
        405,
        context ->
            refuse(
                context,
                ProblemType.METHOD_NOT_ALLOWED,
                "method: " + context.request().method() + " is not for this path"));
    router.errorHandler(500, ApiServer::failed);
    return router;
  }

  /** Lets nobody reach an endpoint who may not. */
  private static void guard(Router router, WriteGuard guard, Endpoints.Endpoint endpoint) {
    switch (endpoint.access()) {
      case OPEN -> {}
      case READ -> guard(router, endpoint, guard::readOpen);
      case PROTECTED -> guard(router, endpoint, guard::read);
      case WRITE -> guard(router, endpoint, context -> guard.write(context, endpoint.body()));
      case SESSION -> guard(router, endpoint, context -> guard.session(context, endpoint.body()));
    }
  }

  private static void guard(
      Router router, Endpoints.Endpoint endpoint, Handler<RoutingContext> handler) {
    Route route = router.route(endpoint.path()).method(endpoint.method()).handler(handler);
    if (endpoint.method().equals(HttpMethod.GET)) {
      route.method(HttpMethod.HEAD);
    }
  }

  private static void answer(
      RoutingContext context,
      Pools pools,
      Endpoints.Endpoint endpoint,
      ApiParts parts,
      Audit audit) {
    String id = Objects.requireNonNullElse(context.pathParam("id"), "");
    String slot = context.pathParam("slot");
    String name = Objects.requireNonNullElse(context.pathParam("name"), "");
    String segment = Objects.requireNonNullElse(context.pathParam("segment"), name);
    String part = slot != null ? slot : segment;
    String query = context.request().query();
    Caller caller = WriteGuard.caller(context.request());
    if (!endpoint.body()) {
      String language = Objects.requireNonNullElse(context.pathParam("lang"), "");
      ApiRequest asked =
          new ApiRequest(id, part, query, caller)
              .ofPlayer(language, Sender.of(caller, context.request().getHeader("Host")));
      answer(context, pools, endpoint, asked, audit);
      return;
    }
    BodyReader.read(context.vertx(), context.request(), MAX_BODY_BYTES, BODY_MILLIS)
        .onSuccess(
            body ->
                answer(
                    context,
                    pools,
                    endpoint,
                    new ApiRequest(id, part, query, body.getBytes(), caller),
                    audit))
        .onFailure(
            failure -> {
              if (failure instanceof BodyReader.Refused refused) {
                if (endpoint.isAudited(refused.status())) {
                  audit.failed(context.request(), endpoint, id, refused.status());
                }
                refuseBody(context, refused, parts);
              } else {
                log.debug("{}: gone before its body was complete", endpoint.path(), failure);
              }
            });
  }

  private static void answer(
      RoutingContext context,
      Pools pools,
      Endpoints.Endpoint endpoint,
      ApiRequest request,
      Audit audit) {
    answer(pools, endpoint, request)
        .onSuccess(
            answer -> {
              if (endpoint.isAudited(answer.status())) {
                String stream = answer.stream().isEmpty() ? request.id() : answer.stream();
                audit.answered(context.request(), endpoint, stream, answer);
              }
              answer.send(context);
            })
        .onFailure(
            failure -> {
              if (endpoint.isAudited(500)) {
                audit.failed(context.request(), endpoint, request.id(), 500);
              }
              context.fail(failure);
            });
  }

  /** Answers with events, or as the endpoint does when that is a refusal. */
  private static void sendEvents(
      RoutingContext context,
      Pools pools,
      Endpoints.Endpoint endpoint,
      Connections connections,
      EventFeed events,
      WriteGuard guard) {
    String id = context.pathParam("id");
    ApiRequest request =
        new ApiRequest(
            Objects.requireNonNullElse(id, ""), "", context.request().query(), Caller.NONE);
    answer(pools, endpoint, request)
        .onSuccess(
            answer -> {
              Optional<Answer> instead = Optional.of(answer);
              if (answer.status() == 200) {
                connections.sendsEvents(context.request().connection());
                instead = events.open(context, id, () -> guard.isStillAllowed(context));
              }
              instead.ifPresent(refusal -> refusal.send(context));
            })
        .onFailure(context::fail);
  }

  private static void refuseBody(
      RoutingContext context, BodyReader.Refused refused, ApiParts parts) {
    boolean late = refused.status() == 408;
    parts.writeRefused().accept(late ? RequestRefusal.TIMEOUT : RequestRefusal.TOO_LARGE);
    boolean unread = !context.request().isEnded();
    context.response().putHeader("Connection", "close");
    refuse(context, late ? ProblemType.TIMEOUT : ProblemType.TOO_LARGE, refused.detail());
    if (unread) {
      // Vert.x would go on reading, without end, before it closes.
      context.request().connection().close();
    }
  }

  private static Future<Answer> answer(
      Pools pools, Endpoints.Endpoint endpoint, ApiRequest request) {
    Callable<Answer> answer = () -> endpoint.answer().answer(request);
    return switch (endpoint.where()) {
      case EVENT_LOOP -> now(answer);
      case STREAMS -> pools.streams().executeBlocking(answer, false);
      case START -> pools.start().executeBlocking(answer, false);
      case CONTROL -> pools.control().executeBlocking(answer, false);
      case SCRAPE -> pools.scrapes().executeBlocking(answer, false);
      case CAPTIONS -> pools.captions().executeBlocking(answer, false);
      case HLS -> pools.hls().executeBlocking(answer, false);
      case DOCTOR -> pools.doctor().executeBlocking(answer, false);
    };
  }

  private static Future<Answer> now(Callable<Answer> answer) {
    try {
      return Future.succeededFuture(answer.call());
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }

  private static Set<String> allowed(List<Endpoints.Endpoint> methods) {
    Set<String> names = new TreeSet<>();
    for (Endpoints.Endpoint endpoint : methods) {
      names.add(endpoint.method().name());
      if (endpoint.method().equals(HttpMethod.GET)) {
        names.add("HEAD");
      }
    }
    return names;
  }

  private static void notAllowed(RoutingContext context, Set<String> allowed) {
    context.response().putHeader("Allow", String.join(", ", allowed));
    refuse(
        context,
        ProblemType.METHOD_NOT_ALLOWED,
        "method: %s: expected one of %s".formatted(context.request().method(), allowed));
  }

  /** Measures and counts hooks, and lets nobody reach their routes who may not. */
  static void watchHooks(
      Router router,
      WriteGuard guard,
      Consumer<Duration> hookAnswered,
      Consumer<RequestRefusal> hookRefused) {
    for (String prefix : HOOKS) {
      String path = prefix + "*";
      router
          .route(path)
          .handler(
              context -> {
                long begin = System.nanoTime();
                context.addEndHandler(
                    ended -> {
                      hookAnswered.accept(Duration.ofNanos(System.nanoTime() - begin));
                      WriteGuard.refusalOf(context).ifPresent(hookRefused);
                    });
                context.next();
              });
      router.route(path).handler(guard::hook);
    }
  }

  /** What is no request, to whichever path: without Host, or with an escape that is none. */
  private static void malformed(RoutingContext context, WriteGuard guard, ApiParts parts) {
    String path = Objects.requireNonNullElse(context.request().path(), "");
    if (HOOKS.stream().anyMatch(path::startsWith)) {
      parts.hookRefused().accept(RequestRefusal.INVALID);
      guard.malformedHook(context);
    } else {
      Refusals.of(path, ProblemType.BAD_REQUEST, "expected a well-formed HTTP request")
          .send(context);
    }
  }

  /** The log and the answer name the occurrence alike. */
  private static void failed(RoutingContext context) {
    String instance = "urn:uuid:" + UUID.randomUUID();
    log.error(
        "{} {} failed, {}",
        context.request().method(),
        context.normalizedPath(),
        instance,
        context.failure());
    Refusals.of(context.normalizedPath(), ProblemType.INTERNAL, INTERNAL, instance).send(context);
  }

  private static void refuse(RoutingContext context, ProblemType type, String detail) {
    Refusals.of(context.normalizedPath(), type, detail).send(context);
  }

  /** Gives the port back: at most some seconds, then whatever still runs is left alone. */
  @Override
  public void close() {
    vertx.cancelTimer(reminderTimer);
    // They would keep the port for as long as they may.
    events.close();
    try {
      server
          .shutdown(STOP_SECONDS, TimeUnit.SECONDS)
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_SECONDS + 1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("the HTTP port did not close cleanly: {}", e.toString());
    } finally {
      close(pools, connections);
    }
  }
}
