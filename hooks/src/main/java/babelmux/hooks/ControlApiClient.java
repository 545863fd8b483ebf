package babelmux.hooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Client of MediaMTX's Control API, read only. Every method blocks: at most the two timeouts, for
 * each page that is asked for, and answers an interrupt at once. Never to be called on an event
 * loop. Thread-safe. Whoever makes it closes it.
 */
public final class ControlApiClient implements AutoCloseable {
  // Where the connection of a source of each type is listed.
  private static final Map<String, String> CONNECTIONS =
      Map.of(
          "rtmpConn", "rtmpconns",
          "rtmpsConn", "rtmpsconns",
          "rtspSession", "rtspsessions",
          "rtspsSession", "rtspssessions",
          "srtConn", "srtconns",
          "webRTCSession", "webrtcsessions");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private static final int MAX_ANSWER_BYTES = 8 << 20;
  private static final int ITEMS_PER_PAGE = 500;
  private static final int MAX_PAGES = 40;
  private static final JsonMapper JSON = new JsonMapper();

  private final BoundedHttp http;
  private volatile HttpTarget target;
  private volatile @Nullable Duration clockAhead;

  /**
   * @param base {@code http://host:9997}, with {@code user:pass@} in front of the host, or {@code
   *     ?jwt=} or {@code ?token=} behind it, where the server asks for it
   * @param connectTimeout until the connection stands
   * @param readTimeout until a whole answer is there
   * @throws IllegalArgumentException for a URL of another form
   */
  public ControlApiClient(URI base, Duration connectTimeout, Duration readTimeout) {
    target = target(base);
    http = new BoundedHttp("mediamtx-api", connectTimeout, readTimeout);
  }

  private static HttpTarget target(URI base) {
    return HttpTarget.of("mediamtx-api", base);
  }

  /**
   * Asks another server, or with other credentials, from the next request on.
   *
   * @throws IllegalArgumentException for a URL of another form than the constructor takes
   */
  public void use(URI base) {
    target = target(base);
  }

  /** All paths, those without a source too. */
  public PathListing paths() throws ControlApiException, InterruptedException {
    Map<String, ListedPath> paths = new LinkedHashMap<>();
    boolean complete =
        pages(
            "/v3/paths/list",
            item -> {
              ListedPath path = listedPath(item);
              paths.put(path.name(), path);
            });
    return new PathListing(new ArrayList<>(paths.values()), complete);
  }

  /** All RTMP connections, publishers, readers and those that are neither yet. */
  public List<ListedConnection> rtmpConnections() throws ControlApiException, InterruptedException {
    Map<String, ListedConnection> connections = new LinkedHashMap<>();
    pages(
        "/v3/rtmpconns/list",
        item -> {
          ListedConnection connection = rtmpConnection(item);
          connections.put(connection.id(), connection);
        });
    return new ArrayList<>(connections.values());
  }

  /**
   * The query of a publisher's URL, as a hook has it. Empty for a source without a connection, for
   * one that is gone, and where the server does not tell.
   *
   * @param sourceType as listed with its path
   * @param sourceId as listed with its path
   */
  public String queryOf(String sourceType, String sourceId)
      throws ControlApiException, InterruptedException {
    String list = CONNECTIONS.get(sourceType);
    if (list == null || !ID.matcher(sourceId).matches()) {
      return "";
    }
    try {
      return QueryText.decodeOnce(
          get("/v3/%s/get/%s".formatted(list, sourceId)).path("query").asText(""));
    } catch (InvalidBody e) {
      // As with a hook, nothing of it is used.
      return "";
    } catch (ControlApiException e) {
      if (e.status() == 404) {
        return "";
      }
      throw e;
    }
  }

  /** Version and start of the server; empty on releases that do not tell (before 1.15). */
  public Optional<ServerInfo> info() throws ControlApiException, InterruptedException {
    try {
      JsonNode info = get("/v3/info");
      return Optional.of(
          new ServerInfo(info.path("version").asText(""), info.path("started").asText("")));
    } catch (ControlApiException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Who may do what; empty on servers that do not tell. */
  public Optional<ServerSettings> settings() throws ControlApiException, InterruptedException {
    try {
      JsonNode global = get("/v3/config/global/get");
      List<ServerSettings.User> users = new ArrayList<>();
      global.path("authInternalUsers").forEach(user -> users.add(user(user)));
      return Optional.of(
          new ServerSettings(
              global.path("authMethod").asText(""), global.path("apiAddress").asText(""), users));
    } catch (ControlApiException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static ServerSettings.User user(JsonNode user) {
    List<String> ips = new ArrayList<>();
    user.path("ips").forEach(ip -> ips.add(ip.asText()));
    List<String> actions = new ArrayList<>();
    user.path("permissions").forEach(entry -> actions.add(entry.path("action").asText()));
    boolean isAnybody =
        user.path("user").asText("").equals("any") && user.path("pass").asText("").isEmpty();
    return new ServerSettings.User(isAnybody, ips, actions);
  }

  /** What is configured for which paths; empty on servers that do not tell. */
  public Optional<List<PathSettings>> pathSettings()
      throws ControlApiException, InterruptedException {
    List<PathSettings> settings = new ArrayList<>();
    try {
      pages(
          "/v3/config/paths/list",
          item ->
              settings.add(
                  new PathSettings(
                      item.path("name").asText(""),
                      command(item, "runOnReady", "runOnAvailable", "runOnOnline"),
                      command(item, "runOnNotReady", "runOnUnavailable", "runOnOffline"))));
      return Optional.of(settings);
    } catch (ControlApiException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String command(JsonNode item, String... names) {
    return Stream.of(names)
        .map(name -> item.path(name).asText(""))
        .filter(command -> !command.isEmpty())
        .findFirst()
        .orElse("");
  }

  /**
   * How far the server's clock is ahead of ours, by the {@code Date} of its last answer, which has
   * whole seconds; empty before the first answer and where it has none.
   */
  public Optional<Duration> clockAhead() {
    return Optional.ofNullable(clockAhead);
  }

  @Override
  public void close() {
    http.close();
  }

  private boolean pages(String path, Consumer<JsonNode> item)
      throws ControlApiException, InterruptedException {
    for (int page = 0; page < MAX_PAGES; page++) {
      String pagePath = "%s?itemsPerPage=%d&page=%d".formatted(path, ITEMS_PER_PAGE, page);
      JsonNode answer = get(pagePath);
      JsonNode items = answer.path("items");
      if (!items.isArray() && !items.isNull()) {
        throw new ControlApiException(
            "GET %s: 200 without \"items\": expected MediaMTX's Control API there"
                .formatted(target.base() + pagePath),
            200,
            null);
      }
      items.forEach(item);
      if (page + 1 >= answer.path("pageCount").asInt(0)) {
        return true;
      }
    }
    return false;
  }

  private JsonNode get(String path) throws ControlApiException, InterruptedException {
    HttpTarget asked = target;
    String url = asked.base() + path;
    HttpResponse<byte[]> response = exchange(asked, url);
    clockAhead =
        response.headers().firstValue("Date").map(date -> ahead(date, Instant.now())).orElse(null);
    if (response.statusCode() != 200) {
      throw new ControlApiException(
          "GET %s: status %d: expected 200%s"
              .formatted(url, response.statusCode(), hint(asked, response)),
          response.statusCode(),
          null);
    }
    try {
      JsonNode json = JSON.readTree(response.body());
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException e) {
      // Said below: the parser's own words would show the answer.
    } catch (IOException e) {
      throw new ControlApiException("GET %s: %s".formatted(url, e), 200, e);
    }
    throw new ControlApiException(
        "GET %s: 200 with something else than a JSON object: expected MediaMTX's Control API there"
            .formatted(url),
        200,
        null);
  }

  static @Nullable Duration ahead(String date, Instant now) {
    try {
      Instant theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
      return Duration.between(now, theirs);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String hint(HttpTarget asked, HttpResponse<byte[]> response) {
    return switch (response.statusCode()) {
      case 401, 403 ->
          asked.authorization() == null
              ? " (without an authInternalUsers entry with action api, MediaMTX answers callers on its own host only)"
              : " (the user or the password was refused, or the user lacks the action api)";
      default ->
          response.body().length == 0
              ? ""
              : " (" + Printable.escape(withoutRequest(asked, response.body())) + ")";
    };
  }

  /** Some servers show what they were asked, and so how. */
  private static String withoutRequest(HttpTarget asked, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String authorization = asked.authorization();
    return authorization == null
        ? text
        : text.replace(authorization.substring(authorization.indexOf(' ') + 1), "***");
  }

  /**
   * @param url without credentials, for messages
   */
  private HttpResponse<byte[]> exchange(HttpTarget asked, String url)
      throws ControlApiException, InterruptedException {
    String query = asked.query();
    String whole = query.isEmpty() ? url : url + (url.indexOf('?') < 0 ? '?' : '&') + query;
    try {
      return http.get(URI.create(whole), asked.headers(), () -> new BoundedBody(MAX_ANSWER_BYTES));
    } catch (IOException e) {
      throw new ControlApiException("GET %s: %s".formatted(url, e.getMessage()), 0, e);
    }
  }

  private static ListedPath listedPath(JsonNode item) {
    JsonNode source = item.path("source");
    List<String> tracks = new ArrayList<>();
    item.path("tracks").forEach(track -> tracks.add(track.asText()));
    return new ListedPath(
        item.path("name").asText(""),
        first(item, "available", "ready").asBoolean(false),
        source.path("type").asText(""),
        source.path("id").asText(""),
        tracks,
        first(item, "inboundBytes", "bytesReceived").asLong(0));
  }

  private static ListedConnection rtmpConnection(JsonNode item) {
    return new ListedConnection(
        item.path("id").asText(""),
        item.path("state").asText(""),
        item.path("path").asText(""),
        item.path("query").asText(""),
        item.path("remoteAddr").asText(""),
        first(item, "inboundBytes", "bytesReceived").asLong(0),
        first(item, "outboundBytes", "bytesSent").asLong(0),
        item.path("outboundFramesDiscarded").asLong(0));
  }

  private static JsonNode first(JsonNode item, String name, String older) {
    return item.has(name) ? item.path(name) : item.path(older);
  }
}
