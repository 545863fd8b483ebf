package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.ControlApiException;
import babelmux.hooks.ListedConnection;
import babelmux.hooks.ListedPath;
import babelmux.hooks.ServerSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiVerdictTest {
  private static final String URL = "http://127.0.0.1:9997";
  private static final Pattern IN = Pattern.compile("^live/([A-Za-z0-9_-]+)/in$");
  private static final Pattern OUT = Pattern.compile("live/([A-Za-z0-9_-]+)/out");

  private static ApiSight sight(@Nullable ServerSettings settings, @Nullable Boolean stranger) {
    return new ApiSight(null, "v1.20.1", settings, null, List.of(), List.of(), null, stranger);
  }

  private static ApiSight listing(String... paths) {
    List<ListedPath> listed =
        List.of(paths).stream()
            .map(path -> new ListedPath(path, true, "rtmpConn", "1", List.of(), 1))
            .toList();
    return new ApiSight(null, null, null, null, listed, List.of(), null, null);
  }

  private static Finding access(String address, ServerSettings.User... users) {
    return ApiVerdict.access(
        sight(new ServerSettings("internal", address, List.of(users)), true), URL);
  }

  private static ServerSettings.User anybody(String action, String... ips) {
    return new ServerSettings.User(true, List.of(ips), List.of("publish", action));
  }

  @ParameterizedTest
  @CsvSource({
    "v1.20.1, false",
    "1.9.0, false",
    "v1.8.5, true",
    "v0.23.8, true",
    "v2.0.0, false",
    "v1.10.0-rc1, false",
    "latest, false",
    "'', false"
  })
  void aVersionBelowTheOldestIsOld(String version, boolean old) {
    assertThat(ApiVerdict.isOld(version)).isEqualTo(old);
  }

  @Test
  void itIsOpenWhereAnybodyMayUseItFromMoreThanSingleAddresses() {
    assertThat(access(":9997", anybody("api")).code()).isEqualTo(Code.API_OPEN);
    assertThat(access(":9997", anybody("api", "127.0.0.1/32", "10.0.0.0/8")).code())
        .isEqualTo(Code.API_OPEN);
    assertThat(access("0.0.0.0:9997", anybody("read"), anybody("api", "::/0")).code())
        .isEqualTo(Code.API_OPEN);
    assertThat(access("[::]:9997", anybody("api", "nonsense")).code()).isEqualTo(Code.API_OPEN);
  }

  @Test
  void itIsClosedOnLoopbackForSingleAddressesAndForUsersWithAPassword() {
    assertThat(access("127.0.0.1:9997", anybody("api")).level()).isEqualTo(Level.OK);
    assertThat(access("localhost:9997", anybody("api")).level()).isEqualTo(Level.OK);
    assertThat(access("[::1]:9997", anybody("api")).level()).isEqualTo(Level.OK);
    assertThat(
            access(":9997", anybody("api", "127.0.0.1/32", "::1/128", "127.0.0.0/8", "10.1.1.1"))
                .level())
        .isEqualTo(Level.OK);
    assertThat(access(":9997", anybody("read")).level()).isEqualTo(Level.OK);
    ServerSettings.User named = new ServerSettings.User(false, List.of(), List.of("api"));
    assertThat(access(":9997", named).level()).isEqualTo(Level.OK);
  }

  @Test
  void whereTheConfigurationIsNotToldAStrangersTryTells() {
    assertThat(ApiVerdict.access(sight(null, true), URL).code()).isEqualTo(Code.API_OPEN);
    assertThat(ApiVerdict.access(sight(null, false), URL).level()).isEqualTo(Level.OK);
    assertThat(ApiVerdict.access(sight(null, null), URL).level()).isEqualTo(Level.UNKNOWN);
    ServerSettings http = new ServerSettings("http", ":9997", List.of(anybody("api")));
    assertThat(ApiVerdict.access(sight(http, false), URL).level()).isEqualTo(Level.OK);
    assertThat(ApiVerdict.access(sight(http, true), URL).code()).isEqualTo(Code.API_OPEN);
  }

  @Test
  void outputsOfStreamsThatAreNotHereAreAnothers() {
    ApiSight sight = listing("live/a/in", "live/a/out", "live/b/out", "other/c/out");
    Finding both = ApiVerdict.others(sight, OUT, Set.of(), URL);
    assertThat(both.code()).isEqualTo(Code.OTHER_WORKER);
    assertThat(both.text()).contains("live/a/out, live/b/out are published");
    Finding one = ApiVerdict.others(sight, OUT, Set.of("a"), URL);
    assertThat(one.text()).startsWith("live/b/out is published");
    assertThat(ApiVerdict.others(sight, OUT, Set.of("a", "b"), URL).level()).isEqualTo(Level.OK);
  }

  @Test
  void anAnswerNamesTheVersionAndAFailureItsCode() {
    ApiSight old = new ApiSight(null, "v1.8.5", null, null, List.of(), List.of(), null, null);
    assertThat(ApiVerdict.answer(old, URL).code()).isEqualTo(Code.OLD_VERSION);
    assertThat(ApiVerdict.answer(sight(null, null), URL).level()).isEqualTo(Level.OK);
    assertThat(ApiVerdict.answer(sight(null, null), URL).text()).contains("MediaMTX v1.20.1");
    for (Map.Entry<Integer, Code> each :
        Map.of(0, Code.API_UNREACHABLE, 401, Code.API_REFUSED, 404, Code.API_FOREIGN).entrySet()) {
      ApiSight failed =
          ApiSight.nothing(new ControlApiException("it said no", each.getKey(), null));
      assertThat(ApiVerdict.answer(failed, URL).code()).isEqualTo(each.getValue());
      assertThat(ApiVerdict.answer(failed, URL).text()).isEqualTo("it said no");
    }
  }

  @Test
  void whatIsNotReadyAndWhatAnotherDoctorPublishesIsNobodys() {
    ListedPath idle = new ListedPath("live/a/out", false, "rtmpConn", "1", List.of(), 0);
    ListedPath test =
        new ListedPath("live/babelmux-doctor-b/out", true, "rtmpConn", "1", List.of(), 1);
    ApiSight sight =
        new ApiSight(null, null, null, null, List.of(idle, test), List.of(), null, null);
    assertThat(ApiVerdict.others(sight, OUT, Set.of(), URL).level()).isEqualTo(Level.OK);
  }

  @Test
  void aHundredPathsAreNotAllTold() {
    String[] paths =
        IntStream.range(0, 100).mapToObj(n -> "live/s" + n + "/out").toArray(String[]::new);
    assertThat(ApiVerdict.others(listing(paths), OUT, Set.of(), URL).text())
        .contains("live/s19/out and 80 more are published")
        .doesNotContain("live/s20/out");
  }

  @Test
  void anOutputWithoutASourceIsNobodys() {
    ListedPath slate = new ListedPath("live/a/out", true, "", "", List.of(), 0);
    ApiSight sight = new ApiSight(null, null, null, null, List.of(slate), List.of(), null, null);
    assertThat(ApiVerdict.others(sight, OUT, Set.of(), URL).level()).isEqualTo(Level.OK);
  }

  @Test
  void aPublisherInItsFirstSecondsIsToldFromNobody() {
    ListedConnection idle = new ListedConnection("1", "idle", "", "", "h:1", 9, 0, 0);
    ApiSight analysed = new ApiSight(null, null, null, null, List.of(), List.of(idle), null, null);
    assertThat(ApiVerdict.inputs(analysed, IN).text()).contains("not ready yet");
    assertThat(ApiVerdict.inputs(listing(), IN).text()).startsWith("nobody publishes");
    assertThat(ApiVerdict.inputs(listing("live/a/in", "live/a/out"), IN).text())
        .isEqualTo("live/a/in");
  }

  @Test
  void theStatusTellsNoAnswerFromARefusalAndFromAnotherServer() {
    assertThat(Code.ofApi(0)).isEqualTo(Code.API_UNREACHABLE);
    assertThat(Code.ofApi(401)).isEqualTo(Code.API_REFUSED);
    assertThat(Code.ofApi(403)).isEqualTo(Code.API_REFUSED);
    assertThat(Code.ofApi(404)).isEqualTo(Code.API_FOREIGN);
    assertThat(Code.ofApi(200)).as("with something else in it").isEqualTo(Code.API_FOREIGN);
  }
}
