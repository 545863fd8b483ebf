package babelmux.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Takes the pictures of the page that the documents show. By the command of CONTRIBUTING.md only:
 * no test.
 */
@Tag("pictures")
@Timeout(300)
class PagePicturesIT {
  private static final double SLOW_MS = 60_000;
  private static final Path DOCS = Path.of(System.getProperty("page.docs", "../../docs"));

  /** Every third fragment fails. */
  private static final String FAULTS =
      "rules: [{stream: evening, fragment: every 3, do: fail, code: MODEL_ERROR, retryable: false}]";

  @Test
  void takesThePictures() throws Exception {
    StsEchoConfig.Builder sts =
        StsEchoConfig.builder().voice(VoiceKind.COUNTING_ES).faults(FaultPlan.parse(FAULTS));
    try (Chromium chromium = Chromium.start();
        Running running = Running.startOn(server(), sts, Map.of("delay", "14500ms"));
        Chromium.Tab tab =
            chromium.open(
                new Browser.NewContextOptions().setViewportSize(1280, 960),
                Set.of(running.stack().workerUrl(), running.stack().server().hlsUrl()))) {
      Page page = tab.page();
      theme(page, ColorScheme.LIGHT);
      page.navigate(running.stack().pageUrl().toString());
      try (MediaTask first = publish(running, "demo");
          MediaTask second = publish(running, "evening")) {
        page.locator(".row", new Page.LocatorOptions().setHasText("demo")).first().click();
        says(page, "Dub on air");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Watch"))
            .first()
            .click();
        page.getByLabel("Captions").selectOption("translation");
        playing(page);
        page.getByRole(AriaRole.CHECKBOX).first().check();
        page.waitForTimeout(40_000);
        assertThat(page.locator(".players .hint")).containsText("in step", slowText());
        assertThat(page.locator(".curtain"))
            .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(SLOW_MS));
        take(page, "page.png");
        theme(page, ColorScheme.DARK);
        take(page, "page-dark.png");
        page.locator(".row", new Page.LocatorOptions().setHasText("evening")).first().click();
        assertThat(page.locator(".words .chip.warn").first()).isVisible(slow());
        playing(page);
        take(page, "page-fallbacks.png");
        page.setViewportSize(390, 844);
        page.waitForTimeout(2_000);
        take(page, "page-phone.png");
        page.setViewportSize(1280, 960);
        theme(page, ColorScheme.LIGHT);
        page.locator(".row", new Page.LocatorOptions().setHasText("demo")).first().click();
        playing(page);
        running.stack().sts().close();
        says(page, "Original on air");
        page.waitForTimeout(6_000);
        take(page, "page-sts-down.png");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Doctor").setExact(true))
            .click();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Run doctor")).click();
        assertThat(page.locator(".findings li").first()).isVisible(slow());
        take(page, "page-doctor.png");
        System.out.println(first.said() + second.said());
      }
    }
  }

  private static String server() {
    return Servers.mediaMtx().map(Path::toString).orElse(Servers.EMBEDDED);
  }

  private static MediaTask publish(Running running, String id) {
    return StreamPublisher.loop(
        Films.counting(), running.stack().inputUrl(id), 3, Duration.ofMinutes(4));
  }

  /** Waits until both players play. */
  private static void playing(Page page) {
    page.waitForFunction(
        "() => [...document.querySelectorAll('video')].every(v => v.currentTime > 2 && v.readyState > 2 && !v.paused)");
  }

  private static void theme(Page page, ColorScheme scheme) {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
  }

  private static void says(Page page, String text) {
    assertThat(page.locator(".air .title")).containsText(text, slowText());
  }

  private static LocatorAssertions.ContainsTextOptions slowText() {
    return new LocatorAssertions.ContainsTextOptions().setTimeout(SLOW_MS);
  }

  private static LocatorAssertions.IsVisibleOptions slow() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(SLOW_MS);
  }

  private static void take(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(DOCS.resolve(name)));
  }
}
