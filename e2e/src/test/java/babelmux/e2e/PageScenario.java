package babelmux.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The page in a real browser, on MediaMTX (HLS) and on the embedded origin (HTTP-FLV): what it says
 * is what the worker does, its players play, its buttons do what they say. The film carries the
 * number of each frame, so that what a player shows is known to the frame.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@Timeout(180)
abstract class PageScenario {
  static final Duration LIMIT = Duration.ofSeconds(20);

  /** As shipped: a machine that is busy with other tests answers within it. */
  static final Duration DELAY = Duration.ofMillis(14_500);

  private static final int FPS = 30;
  private static final int FRAMES = 900;

  /** The sound of a number begins with its flash. */
  private static final int BEEP_FRAMES = 16;

  /** Half a second, by which source, output and captions may be apart. */
  private static final int STEP_FRAMES = FPS / 2;

  private static final List<String> SPANISH =
      List.of(
          ("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
                  + " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés"
                  + " veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve")
              .split(" "));

  /** Reads the number in a frame as the meter does: 16 cells at the lower edge. */
  private static final String FRAME_NUMBERS =
      """
      globalThis.frameNumber = video => {
        const canvas = globalThis.frameCanvas ??= new OffscreenCanvas(320, 180);
        const paper = canvas.getContext('2d', { willReadFrequently: true });
        if (!video || video.readyState < 2) return -1;
        paper.drawImage(video, 0, 0, 320, 180);
        const pixels = paper.getImageData(0, 160, 320, 20).data;
        let bits = 0;
        for (let cell = 0; cell < 16; cell++) {
          let sum = 0;
          for (let i = 0; i < 9; i++) {
            const x = Math.floor((cell + 0.35 + 0.15 * (i % 3)) * 20);
            const y = Math.floor((1 - (0.35 + 0.15 * Math.floor(i / 3))) * 20);
            const at = 4 * (y * 320 + x);
            sum += 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
          }
          bits = bits << 1 | (sum / 9 > 125 ? 1 : 0);
        }
        const number = bits >> 4 & 0x3ff;
        return bits >> 14 === 2 && number % 13 + 1 === (bits & 15) && number < 900 ? number : -1;
      };
      // The cues of the player, or the text that the page lays over it.
      globalThis.caption = () => {
        const over = document.querySelector('.screen .caption')?.textContent ?? '';
        return cues().map(cue => cue.text).join(' ') || over;
      };
      globalThis.cues = () => [...player('Output')?.textTracks ?? []].filter(t => t.mode === 'showing').flatMap(t => [...t.activeCues ?? []]);
      globalThis.player = name => document.querySelector(`video[aria-label="${name}"]`);
      """;

  /** Notes at which frame which caption came. */
  private static final String CAPTIONS =
      """
      () => {
        globalThis.captions = [];
        const each = () => {
          const text = caption();
          if (text && captions.at(-1)?.text !== text) {
            captions.push({ text, kind: cues().length ? 'cue' : 'text', frame: frameNumber(player('Output')) });
          }
          requestAnimationFrame(each);
        };
        each();
      }
      """;

  /** Notes when which title stood there, for the time until the page tells something. */
  private static final String TITLES =
      """
      globalThis.titles = [];
      new MutationObserver(() => {
        const text = document.querySelector('.air .title')?.textContent.trim();
        if (text && titles.at(-1)?.text !== text) titles.push({ text, at: Date.now() });
      }).observe(document, { subtree: true, childList: true, characterData: true });
      """;

  String server = "";
  Running running;
  Chromium.Tab tab;
  Page page;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @SuppressWarnings("NullAway.Init") // begun by begin()
  PageScenario() {}

  /** The server as LocalStackFactory takes it; skips the tests where there is none. */
  abstract String server();

  @BeforeAll
  void begin() throws Exception {
    server = server();
    Chromium chromium = Chromium.start();
    open.push(chromium);
    Path film = Films.small(Films.folder(getClass()).resolve("small.mp4"), 30);
    running =
        Running.startOn(
            server,
            StsEchoConfig.builder().voice(VoiceKind.COUNTING_ES),
            Map.of("output.destinations-allow", "127.0.0.0/8", "delay", DELAY.toMillis() + "ms"));
    open.push(running);
    tab =
        chromium.open(
            new Browser.NewContextOptions().setViewportSize(1280, 900),
            Set.of(running.stack().workerUrl(), running.stack().server().hlsUrl()));
    open.push(tab);
    page = tab.page();
    page.addInitScript(FRAME_NUMBERS);
    page.addInitScript(TITLES);
    page.navigate(running.stack().pageUrl().toString());
    assertThat(page.locator(".empty")).containsText("live/");
    open.push(
        StreamPublisher.loop(film, running.stack().inputUrl("demo"), 3, Duration.ofMinutes(5)));
  }

  @AfterAll
  void end() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  @Order(1)
  void whatIsOnAirIsWhatThePageSaysWithinASecond() throws Exception {
    Locator title = page.locator(".air .title");
    assertThat(title).containsText("Dub on air", within(LIMIT.plus(DELAY)));
    long dubbedAt = shownAt("Dub on air");
    long onAirAt = shownAt("on air");
    assertThat(onAirAt - happenedAt("on_air"))
        .as("ms after the worker's on_air")
        .isBetween(-50L, 1000L);
    assertThat(dubbedAt).isGreaterThanOrEqualTo(onAirAt);
    bypass(true);
    assertThat(shownAt("bypass") - happenedAt("bypass")).isBetween(-50L, 1000L);
    bypass(false);
    // What stands in the strip as on air is the slot of the output time.
    page.waitForCondition(() -> page.locator(".rail .slot.now").count() == 1);
    long outputMs = running.stream("demo").path("outputMs").asLong();
    int shown = Integer.parseInt(page.locator(".rail .slot.now small").textContent());
    assertThat(shown * 6000L + 3000)
        .isCloseTo(outputMs - 3000, org.assertj.core.api.Assertions.within(4200L));
    assertThatNothingIsWrong();
  }

  @Test
  @Order(2)
  void bothPlayersPlayAndSayTheSameAtTheSameTimeWhenTheSourceIsHeldBack() throws Exception {
    watch();
    for (String name : List.of("Source", "Output")) {
      double from = number("name => player(name).currentTime", name);
      page.waitForFunction("from => player('%s').currentTime > from + 1".formatted(name), from);
    }
    int apart = apart();
    assertThat(Math.abs(apart)).as("frames apart before it is held").isGreaterThan(3 * STEP_FRAMES);
    page.getByRole(AriaRole.CHECKBOX, labelled("Hold the source back")).check();
    page.waitForFunction(
        "limit => { const a = (frameNumber(player('Source')) - frameNumber(player('Output')) + 1350) % 900 - 450;"
            + " return !player('Source').paused && Math.abs(a) <= limit }",
        STEP_FRAMES / 2);
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      page.waitForTimeout(500);
      all.add(apart());
    }
    Report.measured("page, frames of 33 ms between the players on " + server, all);
    assertThat(all).allMatch(frames -> Math.abs(frames) <= STEP_FRAMES);
    assertThatNothingIsWrong();
  }

  @Test
  @Order(3)
  void captionsComeWhenTheDubBeginsToSayThem() {
    watch();
    page.getByLabel("Captions").selectOption("translation");
    page.evaluate(CAPTIONS);
    // A slot's first caption has the beginning of what the stand-in says.
    List<String> all = awaitCaptions();
    List<Integer> late = new ArrayList<>();
    for (String line : all.subList(1, all.size())) {
      // Which kind of caption, the frame that was seen, the words.
      String[] parts = line.split(" ", 3);
      int frame = Integer.parseInt(parts[1]);
      List<Integer> numbers =
          Stream.of(parts[2].split("[^\\p{L}]+"))
              .map(SPANISH::indexOf)
              .filter(n -> n >= 0)
              .limit(2)
              .toList();
      assertThat(parts[0]).isEqualTo(hasHls() ? "cue" : "text");
      if (!parts[2].contains("[ECHO]") || frame < 0 || numbers.size() < 2) {
        continue;
      }
      // The first number may be of the slot before.
      late.add(
          numbers.stream()
              .map(number -> apart(frame, number * FPS + BEEP_FRAMES))
              .min(Comparator.comparing(Math::abs))
              .orElseThrow());
    }
    Report.measured("page, frames of 33 ms by which captions are late on " + server, late);
    // A cue begins with its slot's first sound. The page's own words are there with the slot's
    // begin,
    // up to a second before.
    int early = hasHls() ? STEP_FRAMES : STEP_FRAMES + FPS;
    assertThat(late)
        .hasSizeGreaterThan(1)
        .allMatch(frames -> -early <= frames && frames <= STEP_FRAMES);
    assertThatNothingIsWrong();
  }

  @Test
  @Order(4)
  void theLevelsOfBothMoveAlsoOfTheOneThatIsNotHeard() {
    watch();
    page.waitForFunction(
        """
        () => [...document.querySelectorAll('canvas.levels')].length === 2 &&
          [...document.querySelectorAll('canvas.levels')].every(canvas => {
            const style = getComputedStyle(canvas);
            const pixels = canvas.getContext('2d').getImageData(0, 1, canvas.width, 1).data;
            const colours = new Set();
            for (let at = 0; at < pixels.length; at += 4) colours.add(pixels.slice(at, at + 3).join());
            return colours.size > 1;
          })
        """);
    assertThatNothingIsWrong();
  }

  @Test
  @Order(5)
  void buttonsDoWhatTheySay() throws Exception {
    double before = running.metric("worker_bypass_seconds_total", "demo", "");
    // Keys are for the page, not for the list of captions that was used last.
    page.locator("#stream-title").click();
    page.keyboard().press("Shift+B");
    assertThat(page.locator(".air .title")).containsText("bypass");
    Running.await("bypassed", LIMIT, () -> stream().path("bypass").path("active").asBoolean());
    Running.await(
        "the output is bypassed",
        LIMIT,
        () -> running.metric("worker_bypass_seconds_total", "demo", "") > before + 0.3);
    page.keyboard().press("Shift+B");
    Running.await("not bypassed", LIMIT, () -> !stream().path("bypass").path("active").asBoolean());

    page.locator(".air .next button").click();
    // Which one, the page says: its number may have changed under the mouse.
    Locator notice =
        page.locator(".notice", new Page.LocatorOptions().setHasText("stays original"));
    assertThat(notice).isVisible();
    Matcher number = Pattern.compile("slot (\\d+)").matcher(notice.textContent());
    assertThat(number.find()).isTrue();
    int slot = Integer.parseInt(number.group(1));
    Running.await("vetoed", LIMIT, () -> slot(slot).path("vetoed").asBoolean());
    assertThat(page.locator(".words tr", new Page.LocatorOptions().setHasText("vetoed")))
        .isVisible();
    // Heard, and said, when its time comes.
    assertThat(page.locator(".air .title"))
        .containsText("Original on air: vetoed", within(DELAY.plus(LIMIT)));

    String copy = running.stack().server().rtmpUrl() + "/live/copy/out";
    page.getByRole(AriaRole.BUTTON, named("Add…")).click();
    page.getByLabel("Name").fill("copy");
    page.getByLabel("URL", new Page.GetByLabelOptions().setExact(true)).fill(copy);
    page.getByRole(AriaRole.BUTTON, named("Add")).click();
    running.awaitListed("live/copy/out", LIMIT);
    assertThat(page.locator(".destinations li", new Page.LocatorOptions().setHasText("copy")))
        .containsText("up");
    page.getByRole(AriaRole.BUTTON, named("Turn off destination copy")).click();
    page.getByRole(AriaRole.BUTTON, named("Turn off")).click();
    Running.await("off", LIMIT, () -> stream().path("destinations").size() == 1);
    assertThat(page.locator(".destinations li")).hasCount(1);
    assertThatNothingIsWrong();
  }

  @Test
  @Order(6)
  void aDrainIsAskedForTwiceAndThenDone() throws Exception {
    if (page.locator("video").count() > 0) {
      page.getByRole(AriaRole.BUTTON, named("Stop")).click();
    }
    page.getByRole(AriaRole.BUTTON, named("Drain demo…")).click();
    assertThat(page.locator("dialog")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("dialog")).hasCount(0);
    assertThat(stream().path("state").asText()).isEqualTo("LIVE");
    page.getByRole(AriaRole.BUTTON, named("Drain demo…")).press("Enter");
    assertThat(page.locator("dialog")).isVisible();
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    assertThat(page.locator(".times")).containsText("draining");
    assertThat(stream().path("state").asText()).isEqualTo("DRAINING");
    assertThat(page.locator(".air .title")).containsText("Ended", within(DELAY.plus(LIMIT)));
    assertThat(stream().path("state").asText()).isEqualTo("ENDED");
    assertThatNothingIsWrong();
  }

  /** Waits for some captions of which each is a slot's first. */
  private List<String> awaitCaptions() {
    String script =
        "() => captions.map(each => each.kind + ' ' + each.frame + ' ' + each.text.replaceAll('\\n', ' '))";
    List<String> all = List.of();
    long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (all.stream().filter(each -> each.contains("[ECHO]")).count() < 4
        && System.nanoTime() < end) {
      page.waitForTimeout(500);
      all = ((List<?>) page.evaluate(script)).stream().map(String::valueOf).toList();
    }
    assertThat(all).as("captions that were seen").anyMatch(each -> each.contains("[ECHO]"));
    return all;
  }

  /** Whether the server has HLS, and so subtitles beside it. */
  private boolean hasHls() {
    return !server.equals(Servers.EMBEDDED);
  }

  /** The frames from one to another; the film is a circle. */
  private static int apart(int frame, int from) {
    return Math.floorMod(frame - from + FRAMES / 2, FRAMES) - FRAMES / 2;
  }

  /** Plays both, if they do not play yet: each test may be run again, alone. */
  final void watch() {
    if (page.locator("video").count() == 0) {
      page.getByRole(AriaRole.BUTTON, named("Watch")).click();
    }
    for (String name : List.of("Source", "Output")) {
      page.waitForFunction("name => frameNumber(player(name)) >= 0", name);
    }
  }

  private void bypass(boolean on) {
    page.locator("button.bypass").click();
    assertThat(page.locator("button.bypass")).hasAttribute("aria-pressed", Boolean.toString(on));
  }

  /** The frames by which the source's player is ahead of the output's; the film is a circle. */
  private int apart() {
    return (int)
        number(
            "() => (frameNumber(player('Source')) - frameNumber(player('Output')) + 1350) % 900 - 450",
            null);
  }

  private double number(String script, @Nullable Object argument) {
    return ((Number) page.evaluate(script, argument)).doubleValue();
  }

  /** When the page first said this, milliseconds of the clock that the worker has, too. */
  private long shownAt(String text) {
    Object at = page.evaluate("text => titles.find(each => each.text.includes(text))?.at", text);
    return ((Number) Objects.requireNonNull(at, "never shown: " + text)).longValue();
  }

  /** When the journal of the worker has the first event of this kind. */
  private long happenedAt(String event) throws InterruptedException {
    for (JsonNode each : Web.json(running.url("/v1/streams/demo/debug")).path("events")) {
      if (each.path("event").asText().equals(event)) {
        return Instant.parse(each.path("at").asText()).toEpochMilli();
      }
    }
    throw new AssertionError("no event " + event);
  }

  private JsonNode stream() throws InterruptedException {
    return running.stream("demo");
  }

  private JsonNode slot(int number) throws InterruptedException {
    for (JsonNode each : stream().path("slots")) {
      if (each.path("number").asInt() == number) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  final void assertThatNothingIsWrong() {
    assertThat(tab.complaints()).isEmpty();
  }

  static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  static Page.GetByRoleOptions labelled(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  static LocatorAssertions.ContainsTextOptions within(Duration limit) {
    return new LocatorAssertions.ContainsTextOptions().setTimeout((double) limit.toMillis());
  }
}
