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
import babelmux.worker.config.AccessConfig;
import babelmux.worker.session.SlotState;
import babelmux.worker.streams.Blame;
import babelmux.worker.streams.StreamDebug;
import babelmux.worker.streams.StreamState;
import babelmux.worker.streams.StreamStatus;
import babelmux.worker.sts.LinkStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description of the API says what the API does: the same routes, the same fields. */
class OpenApiTest {

  private final Map<String, Object> description;

  OpenApiTest() {
    description = ParsedDescription.read();
  }

  @Test
  void itIsOpenApi31() {
    assertThat(description.get("openapi")).isEqualTo("3.1.0");
    assertThat(ApiDescription.TEXT)
        .as("words of OpenAPI 3.0 that mean nothing in 3.1")
        .doesNotContain("nullable:", " example:");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    Matcher reference = Pattern.compile("\\$ref: ['\"]([^'\"]*)['\"]").matcher(ApiDescription.TEXT);
    int found = 0;
    while (reference.find()) {
      assertThat(resolved(description, Map.of("$ref", reference.group(1)))).isNotEmpty();
      found++;
    }
    assertThat(found).isGreaterThan(100);
  }

  @Test
  void theProblemsAreTheSame() {
    Map<String, Object> problem = at(description, "components", "schemas", "Problem", "properties");
    assertThat(at(problem, "error").get("enum"))
        .isEqualTo(Stream.of(ProblemType.values()).map(ProblemType::code).toList());
  }

  @Test
  void theRoutesAreTheSame() {
    Set<String> described = new TreeSet<>();
    at(description, "paths")
        .keySet()
        .forEach(
            path ->
                at(description, "paths", path).keySet().stream()
                    .filter(method -> !method.equals("parameters"))
                    .forEach(
                        method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    assertThat(described).isEqualTo(routes());
  }

  private static Set<String> routes() {
    Vertx vertx = Vertx.vertx();
    try {
      HookRoutes hooks = new HookRoutes(PathPattern.parse(PathPattern.DEFAULT), new Nothing());
      ApiParts parts =
          new ApiParts(
              "x",
              new Nothing(),
              format -> "",
              () -> Readiness.READY,
              hooks::mount,
              time -> {},
              reason -> {},
              reason -> {});
      Duration limit = Duration.ofSeconds(1);
      ApiServer.Pools pools = ApiServer.Pools.of(vertx);
      return ApiServer.router(
              vertx,
              pools,
              new Connections(vertx, 1, limit, limit, limit),
              new EventFeed(vertx, pools.events(), parts),
              new AccessRules(AccessConfig.LOOPBACK),
              parts)
          .getRoutes()
          .stream()
          .filter(route -> route.methods() != null)
          .flatMap(
              route ->
                  requireNonNull(route.methods()).stream()
                      .filter(method -> !method.equals(HttpMethod.HEAD))
                      .map(method -> method.name() + " " + path(route.getPath())))
          .collect(Collectors.toCollection(TreeSet::new));
    } finally {
      vertx.close();
    }
  }

  private static String path(String path) {
    return path.replaceAll(":(\\w+)", "{$1}").replaceAll("(?<=.)/$", "");
  }

  @Test
  void theFieldsOfAStreamAreTheSame() {
    Map<String, Object> stream =
        at(description, "components", "schemas", "StreamStatus", "properties");
    assertThat(stream.keySet()).containsExactlyElementsOf(fields(StreamStatus.class));
    Map<String, Class<?>> parts =
        Map.of(
            "flags", StreamStatus.Flags.class,
            "reason", StreamStatus.Reason.class,
            "source", StreamStatus.Source.class,
            "media", StreamStatus.Media.class);
    parts.forEach(
        (name, type) ->
            assertThat(at(stream, name, "properties").keySet())
                .containsExactlyElementsOf(fields(type)));
    Map<String, Object> schemas = at(description, "components", "schemas");
    assertThat(at(schemas, "Segments", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamStatus.Segments.class));
    assertThat(at(schemas, "Sts", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamStatus.Sts.class));
    assertThat(at(stream, "dubs", "items", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamStatus.Dub.class));
    assertThat(at(schemas, "Destination", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamStatus.Destination.class));
    assertThat(at(stream, "slots", "items", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamStatus.Slot.class));
    assertThat(at(stream, "slots", "items", "properties", "state").get("enum"))
        .isEqualTo(Stream.of(SlotState.values()).map(SlotState::tag).toList());
    assertThat(at(schemas, "Bypass", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamStatus.Bypass.class));
    assertThat(at(schemas, "Bypass", "properties", "scheduled", "items", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamStatus.Scheduled.class));
    Map<String, Object> debug = at(schemas, "StreamDebug", "properties");
    assertThat(debug.keySet()).containsExactlyElementsOf(fields(StreamDebug.class));
    Map.of(
            "link", LinkStatus.class,
            "clocks", StreamDebug.Clocks.class,
            "queues", StreamDebug.Queues.class)
        .forEach(
            (name, type) ->
                assertThat(at(debug, name, "properties").keySet())
                    .containsExactlyElementsOf(fields(type)));
    assertThat(at(debug, "events", "items", "properties").keySet())
        .containsExactlyElementsOf(fields(StreamDebug.Event.class));
    assertThat(at(schemas, "Page", "properties").keySet())
        .containsExactlyElementsOf(fields(PageInfo.class));
    assertThat(at(schemas, "Support", "properties").keySet())
        .containsExactlyElementsOf(fields(Support.class));
    assertThat(at(stream, "state").get("enum"))
        .isEqualTo(Stream.of(StreamState.values()).map(Enum::name).toList());
    assertThat(at(stream, "reason", "properties", "blame").get("enum"))
        .isEqualTo(Stream.of(Blame.values()).map(Blame::label).toList());
  }

  private static List<String> fields(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static final class Nothing extends NoStreams implements HookListener {
    @Override
    public HookVerdict ready(SourceEvent event) {
      return new HookVerdict.Started();
    }

    @Override
    public HookVerdict notReady(SourceEvent event) {
      return new HookVerdict.Stopped();
    }
  }
}
