package babelmux.worker.api;

import static babelmux.worker.api.ParsedDescription.at;
import static babelmux.worker.api.ParsedDescription.resolved;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.HookListener;
import babelmux.hooks.HookRoutes;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.PathPattern;
import babelmux.hooks.SourceEvent;
import babelmux.worker.captions.CaptionBook;
import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.PageConfig;
import babelmux.worker.config.Secret;
import babelmux.worker.hls.HlsException;
import babelmux.worker.hls.HlsSource;
import babelmux.worker.hls.MediaTimes;
import babelmux.worker.hls.MultivariantPlaylist;
import babelmux.worker.streams.AirVerdict;
import babelmux.worker.streams.BypassRequest;
import babelmux.worker.streams.DestinationRequest;
import babelmux.worker.streams.DestinationVerdict;
import babelmux.worker.streams.StartVerdict;
import babelmux.worker.streams.StreamCaptions;
import babelmux.worker.streams.StreamDirectory;
import babelmux.worker.streams.StreamRequest;
import babelmux.worker.streams.StreamState;
import babelmux.worker.streams.StreamStatus;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * The status codes and media types in the description are those that the routes answer with: every
 * kind of request goes to every route of a server in every condition, over real sockets.
 */
@Tag("slow")
@Timeout(120)
class OpenApiCodesTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TOKEN = "a-token-of-some-length";
  private static final String EVENT =
      "{\"path\":\"live/demo/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"1\"}";
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** What a server's parts do. */
  private enum Condition {
    WELL,
    TOKEN_SET,
    REFUSING,
    NO_HLS,
    BROKEN
  }

  // They log each planted failure with its stack.
  private final List<Logger> noisy =
      Stream.of(ApiServer.class, HookRoutes.class, EventMaker.class)
          .map(type -> (Logger) LoggerFactory.getLogger(type))
          .toList();

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService clients = Executors.newFixedThreadPool(32);
  private final Map<Condition, ApiServer> servers = new TreeMap<>();
  private final List<EventClient> readers = new ArrayList<>();

  /** The codes and media types of each operation, {@code GET /path}: {@code 200 text/plain}. */
  private final Map<String, Set<String>> documented = new TreeMap<>();

  @BeforeEach
  void start() throws Exception {
    noisy.forEach(logger -> logger.setLevel(Level.OFF));
    Map<String, Object> description = ParsedDescription.read();
    at(description, "paths").keySet().forEach(path -> readPath(description, path));
    for (Condition condition : Condition.values()) {
      AccessConfig access =
          condition == Condition.TOKEN_SET
              ? new AccessConfig(new Secret(TOKEN), true, List.of(), Set.of())
              : AccessConfig.LOOPBACK;
      servers.put(
          condition,
          ApiServer.start(vertx, new HttpConfig("127.0.0.1", 0), access, parts(condition)));
    }
  }

  private void readPath(Map<String, Object> description, String path) {
    Map<String, Object> methods = at(description, "paths", path);
    methods.keySet().stream()
        .filter(method -> !method.equals("parameters"))
        .forEach(
            method -> {
              Set<String> codes = new TreeSet<>();
              at(methods, method, "responses")
                  .forEach(
                      (code, response) -> {
                        Map<String, Object> answer = resolved(description, response);
                        if (answer.containsKey("content")) {
                          at(answer, "content")
                              .keySet()
                              .forEach(type -> codes.add(code + " " + type));
                        } else {
                          codes.add(code + " ");
                        }
                      });
              documented.put(method.toUpperCase(Locale.ROOT) + " " + path, codes);
            });
  }

  @AfterEach
  void stop() throws Exception {
    noisy.forEach(logger -> logger.setLevel(null));
    clients.shutdownNow();
    for (EventClient reader : readers) {
      reader.close();
    }
    servers.values().forEach(ApiServer::close);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static ApiParts parts(Condition condition) {
    Parts parts = new Parts(condition);
    return new ApiParts(
        "0",
        parts,
        format -> parts.metrics(),
        parts::readiness,
        new HookRoutes(PathPattern.parse(PathPattern.DEFAULT), parts)::mount,
        time -> {},
        reason -> {},
        reason -> {},
        parts::support,
        parts,
        PageConfig.DEFAULTS,
        EventParts.none(),
        router -> {},
        parts);
  }

  private record Parts(Condition condition)
      implements StreamDirectory, HookListener, Checkup, HlsSource {
    private void look() {
      if (condition == Condition.BROKEN) {
        throw new IllegalStateException("planted");
      }
    }

    Support support() {
      look();
      return Support.NONE;
    }

    String metrics() {
      look();
      return "up 1\n";
    }

    Readiness readiness() {
      look();
      return condition == Condition.REFUSING
          ? new Readiness(List.of("draining"), List.of())
          : Readiness.READY;
    }

    @Override
    public Optional<Object> run(boolean publish) {
      return last();
    }

    @Override
    public Optional<Object> last() {
      look();
      return condition == Condition.REFUSING ? Optional.empty() : Optional.of(Map.of());
    }

    @Override
    public List<StreamStatus> list() {
      look();
      return List.of();
    }

    @Override
    public Optional<StreamStatus> get(String id) {
      look();
      return switch (id) {
        case "runs" -> Optional.of(status(id, StreamState.LIVE));
        case "over" -> Optional.of(status(id, StreamState.ENDED));
        default -> Optional.empty();
      };
    }

    @Override
    public Optional<StreamCaptions> captions(String id) {
      look();
      return id.equals("runs")
          ? Optional.of(
              new StreamCaptions(
                  Instant.EPOCH,
                  "en",
                  "es",
                  "live/x/out",
                  new CaptionBook(0),
                  0,
                  () -> OptionalLong.of(20_000_000)))
          : Optional.empty();
    }

    @Override
    public MultivariantPlaylist multivariant(String path, @Nullable String viewer)
        throws HlsException {
      // Waiting for the first segment, in a condition that has no other use here.
      refuseHls(HlsException.Kind.NOT_YET);
      return MultivariantPlaylist.parse(
          "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public MediaTimes times(String path, Instant startedAt, Supplier<OptionalLong> outputUs)
        throws HlsException {
      refuseHls(HlsException.Kind.NOT_YET);
      return new MediaTimes(0, 0, Instant.EPOCH, 1);
    }

    private void refuseHls(HlsException.Kind kind) throws HlsException {
      if (condition == Condition.REFUSING) {
        throw new HlsException(kind, "not yet");
      }
      if (condition == Condition.NO_HLS) {
        throw new HlsException(HlsException.Kind.UNAVAILABLE, "refused");
      }
    }

    @Override
    public boolean end(String id, boolean now) {
      look();
      return id.equals("runs");
    }

    @Override
    public StartVerdict start(StreamRequest request) {
      look();
      if (condition == Condition.REFUSING) {
        return new StartVerdict.Refused(StartVerdict.Reason.DRAINING, "the worker drains");
      }
      return switch (request.streamId()) {
        case "runs" -> new StartVerdict.Refused(StartVerdict.Reason.ID_IN_USE, "in use");
        case "elsewhere" -> new StartVerdict.Refused(StartVerdict.Reason.NOT_ALLOWED, "no");
        default -> new StartVerdict.Started(status(request.streamId(), StreamState.STARTING));
      };
    }

    @Override
    public AirVerdict bypass(String id, BypassRequest request) {
      look();
      return answer(id, AirVerdict.Reason.SCHEDULE_FULL);
    }

    @Override
    public AirVerdict veto(String id, long slot) {
      look();
      return answer(id, AirVerdict.Reason.SLOT_AIRED);
    }

    private AirVerdict answer(String id, AirVerdict.Reason refusal) {
      if (!id.equals("runs")) {
        AirVerdict.Reason reason =
            id.equals("over") ? AirVerdict.Reason.OVER : AirVerdict.Reason.NO_STREAM;
        return new AirVerdict.Refused(reason, "not here");
      }
      return condition == Condition.REFUSING
          ? new AirVerdict.Refused(refusal, "too late")
          : new AirVerdict.Switched(StreamStatus.Bypass.OFF);
    }

    @Override
    public DestinationVerdict add(DestinationRequest request) {
      look();
      return switch (request.streamId()) {
        case "runs" ->
            switch (request.name()) {
              case "taken" ->
                  new DestinationVerdict.Refused(DestinationVerdict.Reason.NAME_IN_USE, "taken");
              case "elsewhere" ->
                  new DestinationVerdict.Refused(DestinationVerdict.Reason.NOT_ALLOWED, "no");
              default ->
                  new DestinationVerdict.Added(
                      new StreamStatus.Destination(
                          request.name(), "rtmp://h/a/***", "idle", null, 0, 0, 0, 0, 0, null));
            };
        case "over" ->
            new DestinationVerdict.Refused(DestinationVerdict.Reason.STREAM_OVER, "over");
        default -> new DestinationVerdict.Refused(DestinationVerdict.Reason.NO_STREAM, "none");
      };
    }

    @Override
    public DestinationVerdict removeDestination(String id, String name) {
      look();
      if (id.equals("over")) {
        return new DestinationVerdict.Refused(DestinationVerdict.Reason.STREAM_OVER, "over");
      }
      return switch (name) {
        case "taken" -> new DestinationVerdict.Removed();
        case "out" -> new DestinationVerdict.Refused(DestinationVerdict.Reason.INVALID, "out");
        default -> new DestinationVerdict.Refused(DestinationVerdict.Reason.NO_DESTINATION, "none");
      };
    }

    @Override
    public int drainAll() {
      look();
      return 1;
    }

    @Override
    public boolean acceptAgain() {
      look();
      return condition != Condition.REFUSING;
    }

    @Override
    public HookVerdict ready(SourceEvent event) {
      look();
      return condition == Condition.REFUSING
          ? new HookVerdict.Refused("draining", "draining", "the worker drains", 5)
          : new HookVerdict.Started();
    }

    @Override
    public HookVerdict notReady(SourceEvent event) {
      look();
      return new HookVerdict.Stopped();
    }

    private static StreamStatus status(String id, StreamState state) {
      return new StreamStatus(
          id,
          state,
          StreamStatus.Flags.NONE,
          null,
          new StreamStatus.Source("rtmp://h/live/x/in", "rtmpConn", "1"),
          "rtmp://h/live/x/out",
          Instant.EPOCH,
          14_500,
          null,
          StreamStatus.Segments.NONE,
          new StreamStatus.Sts("ready", "closed", 0, null, null, null, 0),
          List.of(),
          List.of(),
          null,
          null,
          null,
          List.of(),
          null,
          StreamStatus.Bypass.OFF,
          List.of());
    }
  }

  /** Header lines and body of a request. */
  private record Sent(List<String> headers, String body, int declaredLength) {
    static Sent of(String body, String... headers) {
      return new Sent(List.of(headers), body, body.length());
    }

    String text(String method, String path) {
      StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
      text.append("Connection: close\r\n");
      headers.forEach(header -> text.append(header).append("\r\n"));
      if (declaredLength > 0) {
        text.append("Content-Length: ").append(declaredLength).append("\r\n");
      }
      return text.append("\r\n").append(body).toString();
    }
  }

  private static String stream(String id) {
    return "{\"streamId\":\"%s\",\"sourceUrl\":\"rtmp://h/live/x\"}".formatted(id);
  }

  private static String destination(String name) {
    return "{\"name\":\"%s\",\"url\":\"rtmp://h/live/x\"}".formatted(name);
  }

  private static List<Sent> requests() {
    String host = "Host: 127.0.0.1";
    String json = "Content-Type: application/json";
    String good = "Authorization: Bearer " + TOKEN;
    return List.of(
        Sent.of("", host),
        Sent.of("", host, good),
        Sent.of("", host, json),
        Sent.of("", host, "Authorization: Bearer another-token"),
        Sent.of("", host, "Origin: http://evil.example"),
        Sent.of("", json),
        Sent.of(EVENT, host, json),
        Sent.of(EVENT, host, json, good),
        Sent.of(stream("free"), host, json),
        Sent.of(stream("runs"), host, json),
        Sent.of(stream("elsewhere"), host, json),
        Sent.of("{\"bypass\":true}", host, json),
        Sent.of("{\"token\":\"%s\"}".formatted(TOKEN), host, json),
        Sent.of("{\"token\":\"wrong\"}", host, json),
        Sent.of(destination("free"), host, json),
        Sent.of(destination("taken"), host, json),
        Sent.of(destination("elsewhere"), host, json),
        Sent.of(EVENT, host),
        Sent.of(EVENT, host, "Content-Type: text/plain"),
        Sent.of("{", host, json),
        Sent.of(" ".repeat(HookRoutes.MAX_BODY_BYTES + 1), host, json),
        // The rest of the body never comes.
        new Sent(List.of(host, json), EVENT, EVENT.length() + 1));
  }

  private static List<String> paths(String documentedPath) {
    if (documentedPath.equals("/metrics")) {
      return List.of(documentedPath, documentedPath + "?" + Endpoints.OPEN_METRICS);
    }
    List<String> names =
        documentedPath.contains("{name}")
            ? Stream.of("taken", "out", "none")
                .map(name -> documentedPath.replace("{name}", name))
                .toList()
            : List.of(
                documentedPath
                    .replace("{slot}", "3")
                    .replace("{lang}", "es")
                    .replace("{segment}", "19"));
    return documentedPath.contains("{id}")
        ? names.stream()
            .flatMap(
                path ->
                    Stream.of("runs", "over", "none", "%zz").map(id -> path.replace("{id}", id)))
            .toList()
        : names;
  }

  @Test
  void everyCodeIsDocumentedAndEveryDocumentedCodeIsAnswered() throws Exception {
    int full = requireNonNull(servers.get(Condition.REFUSING)).port();
    for (int i = 0; i < EventFeed.MAX_READERS; i++) {
      readers.add(EventClient.open(full, "/v1/events"));
    }
    Map<String, Map<String, Future<Answered>>> asked = new TreeMap<>();
    for (String operation : documented.keySet()) {
      String method = operation.split(" ")[0];
      Map<String, Future<Answered>> answers = new LinkedHashMap<>();
      asked.put(operation, answers);
      ask(answers, method, operation.split(" ")[1]);
      if (method.equals("GET")) {
        ask(answers, "HEAD", operation.split(" ")[1]);
      }
    }
    Map<String, Set<String>> seen = new TreeMap<>();
    for (Map.Entry<String, Map<String, Future<Answered>>> operation : asked.entrySet()) {
      Set<String> codes = new TreeSet<>();
      seen.put(operation.getKey(), codes);
      for (Map.Entry<String, Future<Answered>> request : operation.getValue().entrySet()) {
        Answered answer = request.getValue().get();
        String code = answer.status() + " " + answer.type();
        assertThat(documented.get(operation.getKey()))
            .as("%s, after %s", operation.getKey(), request.getKey())
            .contains(code);
        codes.add(code);
        assertIsProblem(answer);
      }
    }
    requireNonNull(seen.get("POST /v1/session")).add(afterManyWrongTokens());
    assertThat(seen).isEqualTo(documented);
  }

  private String afterManyWrongTokens() throws IOException {
    String wrong =
        Sent.of("{\"token\":\"wrong\"}", "Host: 127.0.0.1", "Content-Type: application/json")
            .text("POST", "/v1/session");
    Answered answer = new Answered(0, "", "");
    for (int i = 0; i < 6; i++) {
      answer = send(requireNonNull(servers.get(Condition.TOKEN_SET)).port(), wrong);
    }
    assertIsProblem(answer);
    return answer.status() + " " + answer.type();
  }

  /** What the description says of a problem, which programs rely on. */
  private static void assertIsProblem(Answered answer) throws IOException {
    if (!answer.type().equals(Answer.PROBLEM) || answer.body().isEmpty()) {
      return;
    }
    JsonNode body = JSON.readTree(answer.body());
    ProblemType type = ProblemType.valueOf(body.path("error").asText().toUpperCase(Locale.ROOT));
    assertThat(body.path("type").asText()).isEqualTo("urn:babelmux:problem:" + type.code());
    assertThat(body.path("title").asText()).isEqualTo(type.title());
    assertThat(body.path("status").asInt()).isEqualTo(answer.status()).isEqualTo(type.status());
    assertThat(body.path("code")).isEqualTo(body.path("error"));
    assertThat(body.path("detail").asText()).isNotBlank();
    assertThat(body.has("instance")).isEqualTo(answer.status() == 500);
  }

  private void ask(Map<String, Future<Answered>> answers, String method, String documentedPath) {
    servers.forEach(
        (condition, server) -> {
          for (String path : paths(documentedPath)) {
            for (Sent sent : requests()) {
              String text = sent.text(method, path);
              String shown = text.length() > 300 ? text.substring(0, 300) + "..." : text;
              answers.put(
                  "%s: %s".formatted(condition, shown),
                  clients.submit(() -> send(server.port(), text)));
            }
          }
        });
  }

  /**
   * An answer.
   *
   * @param status 0 when the connection was closed instead
   * @param type media type, without parameters
   */
  private record Answered(int status, String type, String body) {}

  private static Answered send(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String line = in.readLine();
      if (line == null) {
        return new Answered(0, "", "");
      }
      int status = Integer.parseInt(line.split(" ", 3)[1]);
      String type = "";
      int length = 0;
      for (String header = in.readLine(); header != null && !header.isEmpty(); ) {
        String[] parts = header.split(":", 2);
        if (parts[0].equalsIgnoreCase("Content-Type")) {
          type = parts[1].split(";", 2)[0].strip();
        } else if (parts[0].equalsIgnoreCase("Content-Length")) {
          length = Integer.parseInt(parts[1].strip());
        }
        header = in.readLine();
      }
      char[] body = new char[request.startsWith("HEAD ") || status < 400 ? 0 : length];
      int read = 0;
      while (read < body.length) {
        int more = in.read(body, read, body.length - read);
        if (more < 0) {
          break;
        }
        read += more;
      }
      return new Answered(status, type, new String(body, 0, read));
    }
  }

  /** The description lists no other operation, and no 405. */
  @Test
  void methodsThatAreNotDocumentedAreNotAllowed() throws Exception {
    int port = requireNonNull(servers.get(Condition.WELL)).port();
    Set<String> paths = new TreeSet<>();
    documented.keySet().forEach(operation -> paths.add(operation.split(" ")[1]));
    List<String> others = new ArrayList<>();
    for (String path : paths) {
      for (String method : METHODS) {
        if (!documented.containsKey(method + " " + path)) {
          String request = Sent.of("", "Host: 127.0.0.1").text(method, paths(path).get(0));
          Answered answer = send(port, request);
          others.add("%s %s %d %s".formatted(method, path, answer.status(), answer.type()));
        }
      }
    }
    assertThat(others)
        .hasSizeGreaterThan(60)
        .allMatch(
            answer ->
                answer.endsWith(
                    answer.contains(" /v1/") && !answer.contains(" /v1/mediamtx/")
                        ? " 405 application/problem+json"
                        : " 405 application/json"));
  }
}
