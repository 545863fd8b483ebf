package babelmux.worker.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.AccessConfig;
import babelmux.worker.config.AddressRange;
import babelmux.worker.config.Secret;
import babelmux.worker.metrics.RequestRefusal;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {

  private static final Secret TOKEN = new Secret("0123456789abcdef");
  private static final List<String> JSON = List.of("application/json");
  private static final List<String> NONE = List.of();

  private static AccessConfig trusting(String... ranges) {
    return new AccessConfig(
        null, false, List.of(ranges).stream().map(AddressRange::parse).toList(), Set.of());
  }

  private static AccessConfig withToken(boolean forHooks) {
    return new AccessConfig(TOKEN, forHooks, List.of(AddressRange.parse("10.0.0.0/8")), Set.of());
  }

  private static AccessRules.Write hook(@Nullable String from, String... authorization) {
    return new AccessRules.Write(
        true, true, address(from), List.of(authorization), NONE, NONE, NONE, JSON, true);
  }

  private static AccessRules.Write delete(@Nullable String from, String... authorization) {
    return new AccessRules.Write(
        false, false, address(from), List.of(authorization), NONE, NONE, NONE, NONE, false);
  }

  private static AccessRules.Write fromPage(List<String> origin, List<String> host) {
    return new AccessRules.Write(
        true, true, address("127.0.0.1"), NONE, NONE, origin, host, JSON, true);
  }

  private static @Nullable InetAddress address(@Nullable String text) {
    try {
      return text == null ? null : InetAddress.getByName(text);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Optional<String> warning(String host, AccessConfig access) {
    return AccessWarning.of(host, requireNonNull(address(host)), access);
  }

  @Test
  void aTokenThatCanBeGuessedIsWarnedOf() {
    assertThat(AccessWarning.ofToken(withToken("k3y-of-15-chars")).orElseThrow())
        .startsWith("api.token has fewer than 16 characters: ")
        .doesNotContain("k3y");
    assertThat(AccessWarning.ofToken(withToken("k3y-of-16-chars-"))).isEmpty();
    assertThat(AccessWarning.ofToken(AccessConfig.LOOPBACK)).isEmpty();
  }

  private static AccessConfig withToken(String token) {
    return new AccessConfig(new Secret(token), false, List.of(), Set.of());
  }

  /** A scraper with an old token is no reason to refuse the good one of the same address. */
  @Test
  void wrongTokensInAHeaderKeepNobodyOut() {
    AccessRules rules = new AccessRules(withToken(TOKEN.reveal()));
    for (int i = 0; i < 100; i++) {
      assertThat(rules.check(delete("192.0.2.7", "Bearer old-token")).orElseThrow().status())
          .isEqualTo(401);
    }
    assertThat(rules.check(delete("192.0.2.7", "Bearer " + TOKEN.reveal()))).isEmpty();
    assertThat(rules.signIn(TOKEN.reveal(), address("192.0.2.7")))
        .as("nor from signing in")
        .isInstanceOf(AccessRules.SignedIn.Opened.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.5", "::"})
  void anOpenAddressThatTakesNoWriteIsWarnedOf(String host) {
    AccessConfig closed = AccessConfig.LOOPBACK;
    assertThat(warning(host, closed).orElseThrow())
        .startsWith("http.host is " + host + ", and neither http.trusted nor api.token is set: ")
        .contains("403");
    // It says what the rules do, and what it names helps.
    assertThat(answer(closed, hook("192.0.2.7"))).isEqualTo("403 address");
    assertThat(answer(closed, delete("192.0.2.7"))).isEqualTo("403 address");
    assertThat(answer(closed, hook("127.0.0.1"))).isEqualTo("taken");
    assertThat(answer(trusting("192.0.2.0/24"), hook("192.0.2.7"))).isEqualTo("taken");
    AccessConfig deletes = new AccessConfig(TOKEN, false, List.of(), Set.of());
    assertThat(answer(deletes, delete("192.0.2.7", "Bearer " + TOKEN.reveal()))).isEqualTo("taken");
    AccessConfig hooks = new AccessConfig(TOKEN, true, List.of(), Set.of());
    assertThat(answer(hooks, hook("192.0.2.7", "Bearer " + TOKEN.reveal()))).isEqualTo("taken");
    assertThat(warning(host, trusting("192.0.2.0/24"))).isEmpty();
    assertThat(warning(host, deletes)).isEmpty();
    assertThat(warning(host, hooks)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
  void aLoopbackAddressIsNotWarnedOf(String host) {
    assertThat(warning(host, AccessConfig.LOOPBACK)).isEmpty();
  }

  private static String answer(AccessConfig access, AccessRules.Write write) {
    Optional<AccessRules.Refused> refused = new AccessRules(access).check(write);
    return refused.map(r -> r.status() + " " + r.reason().label()).orElse("taken");
  }

  private static AccessRules.Write read(
      @Nullable String from, List<String> host, String... authorization) {
    return new AccessRules.Write(
        false, false, address(from), List.of(authorization), NONE, NONE, host, NONE, false);
  }

  private static String readAnswer(AccessConfig access, AccessRules.Write read) {
    Optional<AccessRules.Refused> refused = new AccessRules(access).checkRead(read);
    return refused.map(r -> r.status() + " " + r.reason().label()).orElse("taken");
  }

  /**
   * A page may have its own name lead to this machine: its reads carry that name, and no Origin.
   */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:8080, taken",
    "::1, [::1]:8080, taken",
    "127.0.0.1, localhost, taken",
    "127.0.0.1, dub.example:8080, taken",
    "10.1.2.3, 10.0.0.1, taken",
    "11.0.0.1, 10.0.0.1, 403 address",
    "127.0.0.1, evil.example, 403 origin",
    "127.0.0.1, , 403 origin",
    "127.0.0.1, a b, 403 origin",
    ", 127.0.0.1, 403 address"
  })
  void whatShowsMoreIsAnsweredToThisMachineUnderANameThatNoStrangerHas(
      @Nullable String from, @Nullable String host, String expected) {
    AccessConfig access =
        new AccessConfig(
            null, false, List.of(AddressRange.parse("10.0.0.0/8")), Set.of("dub.example"));
    List<String> hosts = host == null ? NONE : List.of(host);
    assertThat(readAnswer(access, read(from, hosts))).isEqualTo(expected);
  }

  @Test
  void whatShowsMoreNeedsTheTokenWhereThereIsOne() {
    List<String> host = List.of("proxy.example");
    assertThat(readAnswer(withToken(false), read("127.0.0.1", host)))
        .isEqualTo("401 token_missing");
    assertThat(readAnswer(withToken(false), read("127.0.0.1", host, "Bearer wrong")))
        .isEqualTo("401 token_wrong");
    assertThat(readAnswer(withToken(false), read("8.8.8.8", host, "Bearer 0123456789abcdef")))
        .isEqualTo("taken");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, taken",
    "127.9.9.9, taken",
    "::1, taken",
    "::ffff:127.0.0.1, taken",
    "10.1.2.3, taken",
    "::ffff:10.1.2.3, taken",
    "fd00:1::5, taken",
    "192.168.1.7, taken",
    "11.0.0.1, 403 address",
    "192.168.1.8, 403 address",
    "fe80::1, 403 address",
    "::ffff:11.0.0.1, 403 address",
    "::10.1.2.3, 403 address",
    "0.0.0.0, 403 address",
    ", 403 address"
  })
  void withoutATokenTheAddressDecides(@Nullable String from, String expected) {
    AccessConfig access = trusting("10.0.0.0/8", "fd00::/8", "192.168.1.7");
    assertThat(answer(access, hook(from))).isEqualTo(expected);
    assertThat(answer(access, delete(from))).isEqualTo(expected);
    assertThat(answer(access, delete(from, "Bearer whatever"))).isEqualTo(expected);
  }

  @Test
  void writesNeedTheTokenFromEverywhere() {
    for (String from : List.of("127.0.0.1", "10.1.2.3", "8.8.8.8")) {
      assertThat(answer(withToken(false), delete(from))).isEqualTo("401 token_missing");
      assertThat(answer(withToken(false), delete(from, "Bearer 0123456789abcdef")))
          .isEqualTo("taken");
      assertThat(answer(withToken(false), delete(from, "bearer  0123456789abcdef ")))
          .isEqualTo("taken");
    }
  }

  @Test
  void hooksKeepTheRuleOfAddressesUnlessTheyNeedTheTokenToo() {
    assertThat(answer(withToken(false), hook("127.0.0.1"))).isEqualTo("taken");
    assertThat(answer(withToken(false), hook("10.1.2.3"))).isEqualTo("taken");
    assertThat(answer(withToken(false), hook("8.8.8.8", "Bearer 0123456789abcdef")))
        .isEqualTo("403 address");
    assertThat(answer(withToken(true), hook("127.0.0.1"))).isEqualTo("401 token_missing");
    assertThat(answer(withToken(true), hook("8.8.8.8", "Bearer 0123456789abcdef")))
        .isEqualTo("taken");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer 0123456789abcde",
        "Bearer 0123456789abcdef0",
        "Bearer 0123456789abcdeF",
        "Bearer 0123456789abcdef, Bearer x",
        "Basic MDEyMzQ1Njc4OWFiY2RlZg==",
        "0123456789abcdef"
      })
  void anyOtherTokenIsWrong(String authorization) {
    assertThat(answer(withToken(false), delete("127.0.0.1", authorization)))
        .isEqualTo("401 token_wrong");
  }

  @Test
  void twoTokensAreNone() {
    String good = "Bearer 0123456789abcdef";
    assertThat(answer(withToken(false), delete("127.0.0.1", good, good)))
        .isEqualTo("401 token_wrong");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080, 127.0.0.1:8080, taken",
    "http://127.0.0.1, 127.0.0.1, taken",
    "http://127.0.0.1, 127.0.0.1:80, taken",
    "https://127.0.0.1, 127.0.0.1:443, taken",
    "http://LOCALHOST:8080, localhost:8080, taken",
    "http://[::1]:8080, [::1]:8080, taken",
    "https://dub.example, dub.example, taken",
    "https://DUB.example, Dub.Example, taken",
    "http://evil.example, 127.0.0.1:8080, 403 origin",
    "http://127.0.0.1:9999, 127.0.0.1:8080, 403 origin",
    "http://evil.example:8080, evil.example:8080, 403 origin",
    "http://127.0.0.1.evil.example, 127.0.0.1.evil.example, 403 origin",
    "http://2130706433:8080, 2130706433:8080, 403 origin",
    "http://sub.dub.example, sub.dub.example, 403 origin",
    "null, 127.0.0.1:8080, 403 origin",
    "'', 127.0.0.1:8080, 403 origin",
    "http://127.0.0.1:8080, '', 403 origin",
    "http://127.0.0.1:8080@evil.example, 127.0.0.1:8080, 403 origin",
    "http://evil.example, 127.0.0.1:8080@evil.example, 403 origin",
    "http://127.0.0.1:8080/, 127.0.0.1:8080, 403 origin",
    "file://, 127.0.0.1:8080, 403 origin",
    "chrome-extension://abc, 127.0.0.1:8080, 403 origin"
  })
  void aWebPageWritesUnderItsOwnAllowedHostOnly(String origin, String host, String expected) {
    AccessConfig access = new AccessConfig(null, false, List.of(), Set.of("dub.example"));
    assertThat(answer(access, fromPage(List.of(origin), List.of(host)))).isEqualTo(expected);
  }

  @Test
  void originAndHostStandOnce() {
    String own = "http://127.0.0.1:8080";
    List<String> host = List.of("127.0.0.1:8080");
    assertThat(answer(AccessConfig.LOOPBACK, fromPage(List.of(own, own), host)))
        .isEqualTo("403 origin");
    assertThat(
            answer(
                AccessConfig.LOOPBACK,
                fromPage(List.of(own), List.of("127.0.0.1:8080", "evil.example"))))
        .isEqualTo("403 origin");
    assertThat(answer(AccessConfig.LOOPBACK, fromPage(List.of(own), List.of())))
        .isEqualTo("403 origin");
  }

  @Test
  void aTokenDoesNotOpenTheDoorToOtherSites() {
    AccessRules.Write write =
        new AccessRules.Write(
            false,
            false,
            address("127.0.0.1"),
            List.of("Bearer 0123456789abcdef"),
            NONE,
            List.of("http://evil.example"),
            List.of("127.0.0.1:8080"),
            NONE,
            false);
    assertThat(answer(withToken(false), write)).isEqualTo("403 origin");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, taken",
    "Application/JSON; charset=utf-8, taken",
    "text/plain, 415 content_type",
    "application/x-www-form-urlencoded, 415 content_type",
    "multipart/form-data; boundary=application/json, 415 content_type",
    "text/plain; a=application/json, 415 content_type",
    "application/jsonp, 415 content_type"
  })
  void aPostIsJson(String type, String expected) {
    AccessRules.Write write =
        new AccessRules.Write(
            true, true, address("127.0.0.1"), NONE, NONE, NONE, NONE, List.of(type), true);
    assertThat(answer(AccessConfig.LOOPBACK, write)).isEqualTo(expected);
  }

  @Test
  void aPostWithoutATypeIsRefusedAndADeleteHasNoBody() {
    AccessRules.Write untyped =
        new AccessRules.Write(true, true, address("::1"), NONE, NONE, NONE, NONE, NONE, true);
    assertThat(answer(AccessConfig.LOOPBACK, untyped)).isEqualTo("415 content_type");
    AccessRules.Write filled =
        new AccessRules.Write(false, false, address("::1"), NONE, NONE, NONE, NONE, NONE, true);
    assertThat(answer(AccessConfig.LOOPBACK, filled)).isEqualTo("400 body");
  }

  @Test
  void anotherTokenCountsAtOnce() {
    AccessRules rules = new AccessRules(withToken(false));
    AccessRules.Write old = delete("127.0.0.1", "Bearer " + TOKEN.reveal());
    AccessRules.Write next = delete("127.0.0.1", "Bearer next");
    assertThat(rules.check(old)).isEmpty();
    assertThat(rules.check(next)).isPresent();
    rules.use(new AccessConfig(new Secret("next"), false, List.of(), Set.of()));
    assertThat(rules.check(old)).isPresent();
    assertThat(rules.check(next)).isEmpty();
  }

  private static final List<String> HOST = List.of("127.0.0.1:8080");
  private static final List<String> OWN = List.of("http://127.0.0.1:8080");

  private static AccessRules.Write withCookie(String cookie, List<String> origin) {
    return new AccessRules.Write(
        false,
        false,
        address("127.0.0.1"),
        NONE,
        List.of("babelmux-session-8080=" + cookie),
        origin,
        HOST,
        NONE,
        false);
  }

  private static String opened(AccessRules rules, String token) {
    AccessRules.SignedIn answer = rules.signIn(token, address("127.0.0.1"));
    assertThat(answer).isInstanceOf(AccessRules.SignedIn.Opened.class).hasToString("Opened");
    return ((AccessRules.SignedIn.Opened) answer).value();
  }

  @Test
  void aSessionCountsAsTheTokenUntilItsTimeIsOver() {
    AtomicLong nanos = new AtomicLong();
    AccessRules rules = new AccessRules(withToken(false), nanos::get);
    String value = opened(rules, TOKEN.reveal());
    for (boolean open : new boolean[] {true, false}) {
      assertThat(rules.checkRead(withCookie(value, NONE)).isEmpty()).isEqualTo(open);
      assertThat(rules.checkOpenRead(withCookie(value, NONE)).isEmpty()).isEqualTo(open);
      assertThat(rules.check(withCookie(value, OWN)).isEmpty()).isEqualTo(open);
      nanos.addAndGet(Sessions.LIFE.toNanos());
    }
    assertThat(rules.checkRead(withCookie(value, NONE)))
        .hasValueSatisfying(
            refused -> assertThat(refused.reason()).isEqualTo(RequestRefusal.TOKEN_MISSING));
  }

  @Test
  void aWriteBySessionNeedsAnOrigin() {
    AccessRules rules = new AccessRules(withToken(false));
    String value = opened(rules, TOKEN.reveal());
    for (List<String> origin :
        List.of(NONE, List.of("null"), List.of("http://evil.example"), List.of("//127.0.0.1"))) {
      assertThat(rules.check(withCookie(value, origin)))
          .as("%s", origin)
          .hasValueSatisfying(
              refused -> assertThat(refused.reason()).isEqualTo(RequestRefusal.ORIGIN));
      assertThat(rules.checkSession(withCookie(value, origin))).isPresent();
    }
    assertThat(rules.check(withCookie(value, OWN))).isEmpty();
    assertThat(rules.checkSession(withCookie(value, OWN))).isEmpty();
  }

  @Test
  void withoutATokenACookieIsNothing() {
    AccessRules rules = new AccessRules(AccessConfig.LOOPBACK);
    assertThat(rules.signIn("", address("127.0.0.1")))
        .isInstanceOf(AccessRules.SignedIn.NoToken.class);
    assertThat(rules.check(withCookie("x", NONE))).isEmpty();
    assertThat(rules.checkOpenRead(read("192.0.2.1", List.of("evil.example")))).isEmpty();
    assertThat(rules.checkRead(read("192.0.2.1", List.of("127.0.0.1")))).isPresent();
  }

  @Test
  void anotherTokenEndsSessionsAndOtherSettingsEndNone() {
    AccessRules rules = new AccessRules(withToken(false));
    String value = opened(rules, TOKEN.reveal());
    rules.use(withToken(true));
    assertThat(rules.checkRead(withCookie(value, NONE))).isEmpty();
    rules.use(new AccessConfig(new Secret("next"), false, List.of(), Set.of()));
    assertThat(rules.checkRead(withCookie(value, NONE))).isPresent();
    rules.use(withToken(false));
    assertThat(rules.checkRead(withCookie(value, NONE))).as("the first again").isPresent();
  }

  @Test
  void theReasonNamesTheSettingAndNeverTheToken() {
    for (boolean forHooks : new boolean[] {false, true}) {
      AccessRules rules = new AccessRules(withToken(forHooks));
      for (AccessRules.Write write :
          List.of(hook("8.8.8.8"), delete("8.8.8.8"), delete("8.8.8.8", "Bearer x"))) {
        AccessRules.Refused refused = rules.check(write).orElseThrow();
        assertThat(refused.detail())
            .containsAnyOf("http.trusted", "api.token")
            .doesNotContain(TOKEN.reveal());
      }
    }
    assertThat(RequestRefusal.values()).extracting(RequestRefusal::label).doesNotHaveDuplicates();
  }
}
