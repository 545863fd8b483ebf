package babelmux.origin;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One kind of server with the two configurations that the conformance suite uses. */
final class ServerUnderTest implements AutoCloseable {
  enum Kind {
    EMBEDDED,
    MEDIAMTX
  }

  static final Credentials PUBLISHER = new Credentials("pub", "p&ss");
  static final Credentials READER = new Credentials("rea", "der");
  static final Credentials API = new Credentials("ops", "secret");

  private static final Map<Kind, ServerUnderTest> STARTED = new EnumMap<>(Kind.class);
  private static final AtomicInteger COUNT = new AtomicInteger();

  final Kind kind;
  final HookLog hooks = new HookLog();

  /** Defaults and hooks. */
  final MediaServer main;

  /**
   * No override, credentials for everything, hooks restarted, readTimeout 3 s, writeTimeout 6 s
   * (MediaMTX takes up to 4 s to refuse).
   */
  final MediaServer strict;

  final ApiClient api;
  final ApiClient strictApi;

  private ServerUnderTest(Kind kind) {
    this.kind = kind;
    OriginConfig.Builder config =
        OriginConfig.builder()
            .onReady(hooks.command("ready"))
            .onNotReady(hooks.command("notready"))
            .hookEnvironment(hooks.environment());
    main = start(kind, config.build());
    api = new ApiClient(main.apiUrl(), null);
    config
        .overridePublisher(false)
        .readTimeout(Duration.ofSeconds(3))
        .writeTimeout(Duration.ofSeconds(6))
        .onReadyRestart(true)
        .publishCredentials(PUBLISHER)
        .readCredentials(READER)
        .apiCredentials(API);
    strict = start(kind, config.build());
    strictApi = new ApiClient(strict.apiUrl(), API);
  }

  static MediaServer start(Kind kind, OriginConfig config) {
    return kind == Kind.EMBEDDED
        ? EmbeddedOrigin.start(config)
        : MediaMtxProcess.start(binary().orElseThrow(), config);
  }

  /** The kinds that this run tests; says so once. */
  static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>(List.of(Kind.EMBEDDED));
    if (binary().isPresent()) {
      kinds.add(Kind.MEDIAMTX);
    }
    return kinds;
  }

  static synchronized ServerUnderTest of(Kind kind) {
    return STARTED.computeIfAbsent(kind, ServerUnderTest::new);
  }

  private static synchronized void closeAll() {
    STARTED.values().forEach(ServerUnderTest::close);
    STARTED.clear();
  }

  /** A stream id that nobody else uses. */
  static String id(String prefix) {
    return prefix + "-" + COUNT.incrementAndGet();
  }

  static String path(String id) {
    return "live/" + id + "/in";
  }

  /** Publishes headers and 2 s at once, so that the path is ready without a wait. */
  RawRtmpClient publisher(String id) throws IOException {
    RawRtmpClient publisher = RawRtmpClient.publisher(main.rtmpUrl(), "live/" + id, "in");
    publisher.send(TestMedia.headers());
    publisher.send(TestMedia.media(0, 2050));
    await().until(() -> api.ready(path(id)));
    return publisher;
  }

  /** The same on the strict server. */
  RawRtmpClient strictPublisher(String id) throws IOException {
    RawRtmpClient publisher =
        RawRtmpClient.publisher(strict.rtmpUrl(), "live/" + id, "in?" + query(PUBLISHER));
    publisher.send(TestMedia.headers());
    publisher.send(TestMedia.media(0, 2050));
    await().until(() -> strictApi.ready(path(id)));
    return publisher;
  }

  RawRtmpClient reader(String id) throws IOException {
    return RawRtmpClient.reader(main.rtmpUrl(), "live/" + id, "in");
  }

  void awaitReaders(String id, int count) {
    await().until(() -> api.path(path(id)).orElseThrow().getJsonArray("readers").size() == count);
  }

  static String query(Credentials who) {
    return "user=" + who.user() + "&pass=" + who.password().replace("&", "%26");
  }

  boolean embedded() {
    return kind == Kind.EMBEDDED;
  }

  private static Optional<Path> binary() {
    String wish = System.getProperty("mediamtx", "auto");
    if (wish.equals("none")) {
      return Optional.empty();
    }
    Optional<Path> found = MediaMtxProcess.find(System.getenv());
    if (found.isEmpty() && wish.equals("all")) {
      throw new IllegalStateException("-Dmediamtx=all, but no mediamtx: set MEDIAMTX_BIN");
    }
    return found;
  }

  /** The other server of this run, or why there is none. */
  private static String other() {
    if (kinds().contains(Kind.MEDIAMTX)) {
      return of(Kind.MEDIAMTX).main.name();
    }
    return System.getProperty("mediamtx", "auto").equals("none")
        ? "not MediaMTX (-Dmediamtx=none)"
        : "not MediaMTX: none in MEDIAMTX_BIN, on PATH, in ~/.cache/babelmux/mediamtx";
  }

  @Override
  public void close() {
    main.close();
    strict.close();
    hooks.delete();
  }

  /** Closes all servers when all tests are over, and says which there were. */
  static final class Lifecycle implements BeforeAllCallback, AutoCloseable {
    @Override
    public void beforeAll(ExtensionContext context) {
      context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(ServerUnderTest.class))
          .computeIfAbsent(
              Lifecycle.class,
              key -> {
                TestMedia.make();
                System.out.println("origin conformance: embedded origin, " + other());
                return this;
              });
    }

    @Override
    public void close() {
      closeAll();
    }
  }
}
