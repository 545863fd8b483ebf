package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.AccessConfig;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The table of who is answered by which endpoint; a new endpoint has to be put into it. */
class EndpointAccessTest {

  private static final List<Endpoints.Endpoint> ALL =
      new Endpoints(
              new ApiParts(
                  "0",
                  new NoStreams(),
                  format -> "",
                  () -> Readiness.READY,
                  router -> {},
                  (Duration time) -> {},
                  reason -> {},
                  reason -> {}),
              new AccessRules(AccessConfig.LOOPBACK))
          .all();

  private static List<String> those(Predicate<Endpoints.Endpoint> wanted) {
    return ALL.stream()
        .filter(wanted)
        .map(endpoint -> endpoint.method() + " " + endpoint.path())
        .toList();
  }

  @Test
  void everybodyIsAnsweredByThese() {
    assertThat(those(endpoint -> endpoint.access() == Access.OPEN))
        .containsExactlyInAnyOrder(
            "GET /",
            "GET /health",
            "GET /health/live",
            "GET /health/ready",
            "GET /metrics",
            "GET /v1/session");
  }

  @Test
  void aTokenIsWantedByTheseOnlyWhereThereIsOne() {
    assertThat(those(endpoint -> endpoint.access() == Access.READ))
        .containsExactlyInAnyOrder(
            "GET /openapi.yaml", "GET /v1/streams", "GET /v1/streams/:id", "GET /v1/doctor");
  }

  @Test
  void whoeverMayWriteIsAnsweredByThese() {
    assertThat(those(endpoint -> endpoint.access() == Access.PROTECTED))
        .containsExactlyInAnyOrder(
            "GET /v1/streams/:id/debug",
            "GET /v1/support",
            "GET /v1/page",
            "GET /v1/events",
            "GET /v1/streams/:id/events",
            "GET /v1/streams/:id/players",
            "GET /v1/streams/:id/hls.m3u8",
            "GET /v1/streams/:id/captions/:lang.vtt",
            "GET /v1/streams/:id/captions/:lang.m3u8",
            "GET /v1/streams/:id/captions/:lang/:segment.vtt");
  }

  @Test
  void everythingElseWrites() {
    assertThat(those(endpoint -> endpoint.access() == Access.SESSION))
        .containsExactlyInAnyOrder("POST /v1/session", "DELETE /v1/session");
    assertThat(those(endpoint -> endpoint.access() == Access.WRITE))
        .isNotEmpty()
        .isEqualTo(
            those(
                endpoint ->
                    !endpoint.method().equals(HttpMethod.GET)
                        && endpoint.access() != Access.SESSION));
  }

  /** They are asked without a good Host, and so before any rule. */
  @Test
  void whatNeedsNothingIsOpen() {
    assertThat(ALL)
        .filteredOn(Endpoints.Endpoint::needsNothing)
        .isNotEmpty()
        .allMatch(endpoint -> endpoint.access() == Access.OPEN);
  }
}
