package babelmux.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The page in each of its states: axe-core finds nothing in any, dark or light, wide or narrow; who
 * has no token is let in by none of them, and a worker that cannot be reached is told of.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@Timeout(180)
class PageLooksIT {
  private static final String TOKEN = "a-token-of-the-tests-0123456789";
  private static final double SLOW_MS = 30_000;

  /** The first segment falls back, the others are dubbed. */
  private static final String FALLBACKS =
      "rules: [{session: 0, fragment: 0, do: fail, code: MODEL_ERROR, retryable: false}]";

  private final List<String> found = new ArrayList<>();

  @Test
  void whoHasNoTokenSeesAFormAndNothingElse() throws Exception {
    try (Chromium chromium = Chromium.start();
        Running running = start(Map.of("api.token", TOKEN));
        Chromium.Tab tab = open(chromium, running)) {
      Page page = tab.page();
      Response shell = page.navigate(running.stack().pageUrl().toString());
      assertThat(shell.status()).isEqualTo(200);
      assertThat(shell.headerValue("content-security-policy"))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(shell.headerValue("vary").toLowerCase(Locale.ROOT)).contains("accept");
      assertThat(page.getByLabel("Token")).isFocused();
      look(tab, "signed out");
      assertThat(status(running, "/v1/events", null)).isEqualTo(401);
      assertThat(status(running, "/v1/streams", null)).isEqualTo(401);

      assertThat(tab.complaints()).isEmpty();
      // The browser notes that a wrong token is refused, and nothing else.
      tab.expect("/v1/session:0:0");
      page.keyboard().type("another token");
      page.keyboard().press("Enter");
      assertThat(page.locator("#wrong")).isVisible();
      assertThat(page.locator("#wrong")).not().isEmpty();
      look(tab, "wrong token");
      assertThat(tab.context().cookies()).isEmpty();

      page.getByLabel("Token").fill(TOKEN);
      page.keyboard().press("Enter");
      assertThat(page.locator(".empty")).isVisible();
      List<Cookie> cookies = tab.context().cookies();
      assertThat(cookies).hasSize(1);
      Cookie cookie = cookies.get(0);
      assertThat(cookie.httpOnly).isTrue();
      assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
      assertThat(page.evaluate("document.cookie + JSON.stringify({...localStorage})").toString())
          .doesNotContain(TOKEN)
          .doesNotContain(cookie.value);
      assertThat(page.content()).doesNotContain(TOKEN);
      String header = cookie.name + "=" + cookie.value;
      assertThat(status(running, "/v1/streams", header)).isEqualTo(200);

      page.reload();
      assertThat(page.locator(".empty")).isVisible();
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out")).click();
      assertThat(page.getByLabel("Token")).isVisible();
      assertThat(status(running, "/v1/streams", header)).isEqualTo(401);
      assertThat(tab.complaints()).isEmpty();
    }
    assertThat(found).isEmpty();
  }

  @Test
  void whoMayNotLookIsToldWhy() throws Exception {
    try (Chromium chromium = Chromium.start();
        Running running = start(Map.of())) {
      // It leads to this machine, as a stranger's name could.
      URI strange =
          URI.create(
              "http://strange.localhost:%d/".formatted(running.stack().workerUrl().getPort()));
      try (Chromium.Tab tab = open(chromium, running, strange)) {
        tab.page().navigate(strange.toString());
        assertThat(tab.page().getByRole(AriaRole.ALERT)).containsText("http.allowed-hosts");
        look(tab, "not for this browser");
        assertThat(tab.complaints()).isEmpty();
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void eachStateCanBeUsedByEverybodyInEachTheme() throws Exception {
    Path film = Films.small(Films.output().resolve("looks-small.mp4"), 30);
    StsEchoConfig.Builder sts = StsEchoConfig.builder().faults(FaultPlan.parse(FALLBACKS));
    try (Chromium chromium = Chromium.start();
        Running running = Running.startOn(Servers.EMBEDDED, sts, Map.of());
        FaultProxy way = FaultProxy.to(running.stack().workerUrl());
        Chromium.Tab tab = open(chromium, running, way.url())) {
      Page page = tab.page();
      page.navigate(way.url().resolve("/").toString());
      assertThat(page.locator(".empty")).containsText("/live/");
      look(tab, "no stream");
      try (MediaTask publisher =
          StreamPublisher.loop(film, running.stack().inputUrl("demo"), 3, Duration.ofMinutes(2))) {
        assertThat(page.locator(".air .title")).isVisible(slow());
        look(tab, "a stream begins");
        // Looked at once, a run of doctor takes the time in which the stream comes on air.
        page.getByRole(AriaRole.LINK, named("Doctor")).click();
        page.getByRole(AriaRole.BUTTON, named("Run without publishing")).click();
        assertThat(page.locator(".findings li").first()).isVisible(slow());
        look(tab, "doctor");
        page.getByRole(AriaRole.LINK, named("Streams")).click();
        assertThat(page.locator(".words .chip.warn").first()).isVisible(slow());
        assertThat(page.locator(".air .title"))
            .containsText(
                "Original on air", new LocatorAssertions.ContainsTextOptions().setTimeout(SLOW_MS));
        look(tab, "fallbacks");
        page.keyboard().press("?");
        assertThat(page.locator("dialog")).isVisible();
        look(tab, "keys");
        page.keyboard().press("Escape");
        page.getByRole(AriaRole.BUTTON, named("Drain worker…")).click();
        assertThat(page.locator("dialog")).isVisible();
        look(tab, "asked before a drain");
        page.keyboard().press("Escape");
        page.getByRole(AriaRole.BUTTON, named("Add…")).click();
        assertThat(page.locator("dialog")).isVisible();
        look(tab, "a new destination");
        page.keyboard().press("Escape");
        assertThat(page.locator(".air .title")).containsText("Dub on air", inTime());
        look(tab, "dub on air");
        assertThat(tab.complaints()).isEmpty();

        assertThat(publisher.said()).isEmpty();
      }
      assertThat(tab.complaints()).isEmpty();
    }
    assertThat(found).isEmpty();
  }

  @Test
  void whatGoesWrongCanBeReadByEverybodyInEachTheme() throws Exception {
    Path film = Films.small(Films.output().resolve("looks-wrong.mp4"), 30);
    Map<String, String> settings =
        Map.of("output.destinations-allow", "127.0.0.0/8", "delay", "14500ms");
    try (Chromium chromium = Chromium.start();
        Running running = start(settings);
        Chromium.Tab tab = open(chromium, running)) {
      Page page = tab.page();
      page.navigate(running.stack().pageUrl().toString());
      try (MediaTask publisher =
          StreamPublisher.loop(film, running.stack().inputUrl("demo"), 3, Duration.ofMinutes(3))) {
        assertThat(page.locator(".air .title")).containsText("Dub on air", inTime());
        page.getByRole(AriaRole.BUTTON, named("Watch")).click();
        page.getByLabel("Captions").selectOption("translation");
        page.waitForFunction(
            "() => [...document.querySelectorAll('video')].every(v => v.currentTime > 1)");
        look(tab, "players");
        assertThat(
                running.post(
                    "/v1/streams/demo/destinations",
                    Map.of("name", "copy", "url", "rtmp://127.0.0.1:1/live/copy")))
            .isBetween(200, 299);
        assertThat(page.locator(".destinations li", text("copy"))).containsText("down", inTime());
        assertThat(page.locator(".air .title")).containsText("Dub on air");
        assertThat(page.locator(".air .more")).containsText("Not at copy: it is down");
        page.locator(".air .next button").click();
        assertThat(page.locator(".words tr", text("vetoed"))).isVisible(slow());
        look(tab, "a destination is down, and a dub is vetoed");
        page.locator("button.bypass").click();
        assertThat(page.locator(".air .title")).containsText("bypass", inTime());
        look(tab, "bypass");
        page.locator("button.bypass").click();
        assertThat(page.locator(".air .title")).not().containsText("bypass", inTime());
        running.stack().sts().close();
        assertThat(page.locator(".air .title"))
            .containsText(Pattern.compile("Original on air: (?!vetoed)"), inTime());
        look(tab, "the STS is down");
        page.getByRole(AriaRole.BUTTON, named("Drain demo…")).click();
        look(tab, "asked before a stream is drained");
        page.keyboard().press("Escape");
        assertThat(publisher.said()).isEmpty();
      }
      assertThat(page.locator(".air .title")).containsText("Ended", inTime());
      look(tab, "ended");
      page.getByRole(AriaRole.BUTTON, named("Drain worker…")).click();
      page.getByRole(AriaRole.BUTTON, named("Drain all streams")).click();
      assertThat(page.getByRole(AriaRole.BUTTON, named("Accept streams again"))).isVisible();
      look(tab, "the worker drains");
      assertThat(tab.complaints()).isEmpty();
    }
    assertThat(found).isEmpty();
  }

  @Test
  void aLostConnectionIsToldOfAndMadeAgain() throws Exception {
    Path film = Films.small(Films.output().resolve("looks-lost.mp4"), 30);
    try (Chromium chromium = Chromium.start();
        Running running = start(Map.of());
        FaultProxy way = FaultProxy.to(running.stack().workerUrl());
        Chromium.Tab tab = open(chromium, running, way.url())) {
      Page page = tab.page();
      page.navigate(way.url().resolve("/").toString());
      try (MediaTask publisher =
          StreamPublisher.loop(film, running.stack().inputUrl("demo"), 3, Duration.ofMinutes(2))) {
        assertThat(page.locator(".air .title")).isVisible(slow());
        // Nothing comes, and nothing ends: only the silence tells.
        way.stall(Direction.TO_CLIENT, true);
        assertThat(page.locator("div.lost")).containsText("No connection to the worker", inTime());
        assertThat(page.locator("main.stale")).isVisible();
        look(tab, "no connection");
        way.clear();
        assertThat(page.locator("div.lost"))
            .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(SLOW_MS));
        assertThat(page.locator(".linked.open")).isVisible();

        assertThat(tab.complaints()).isEmpty();
        // A browser notes what it could not reach.
        tab.expect("net::ERR_");
        running.stack().worker().close();
        assertThat(page.locator("div.lost")).isVisible(slow());
        Map<String, String> settings =
            Map.of("http.port", "" + running.stack().workerUrl().getPort());
        LocalStack.Worker another = LocalStackFactory.worker(settings);
        try {
          assertThat(page.locator(".linked.open")).isVisible(slow());
          // The stream is not this worker's: it is taken away.
          assertThat(page.locator(".empty")).isVisible(slow());
        } finally {
          another.close();
        }
        assertThat(publisher.said()).isEmpty();
      }
      assertThat(tab.complaints()).isEmpty();
    }
    assertThat(found).isEmpty();
  }

  /** Looks at what is shown, wide and narrow, in both themes. */
  private void look(Chromium.Tab tab, String state) {
    Page page = tab.page();
    for (ColorScheme theme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(theme));
      for (int width : new int[] {1280, 390}) {
        page.setViewportSize(width, 844);
        tab.inaccessible()
            .forEach(each -> found.add(state + ", " + theme + ", " + width + ": " + each));
        Object over = page.evaluate("document.documentElement.scrollWidth - innerWidth");
        if (((Number) over).intValue() > 0) {
          found.add("%s, %d wide: %s px too wide".formatted(state, width, over));
        }
      }
    }
  }

  private static Running start(Map<String, String> settings) throws Exception {
    return Running.startOn(Servers.EMBEDDED, StsEchoConfig.builder(), settings);
  }

  private static Chromium.Tab open(Chromium chromium, Running running, URI... more) {
    List<URI> allowed = new ArrayList<>(List.of(more));
    allowed.add(running.stack().workerUrl());
    allowed.add(running.stack().server().hlsUrl());
    return chromium.open(new Browser.NewContextOptions(), Set.copyOf(allowed));
  }

  private static int status(Running running, String path, @Nullable String cookie)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(running.url(path)));
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Page.LocatorOptions text(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }

  private static LocatorAssertions.IsVisibleOptions slow() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(SLOW_MS);
  }

  private static LocatorAssertions.ContainsTextOptions inTime() {
    return new LocatorAssertions.ContainsTextOptions().setTimeout(SLOW_MS);
  }
}
