package babelmux.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The page on MediaMTX, whose HLS it plays. */
class PageOnMediaMtxIT extends PageScenario {
  private static final String PLAYING =
      "() => ['Source', 'Output'].every(name => frameNumber(player(name)) >= 0 && !player(name).paused)";

  private static final String STATE =
      """
      () => [...document.querySelectorAll('.screen')].map(each => {
        const v = each.querySelector('video');
        return [each.textContent.trim(), v.paused, v.readyState, v.currentTime, frameNumber(v)].join(' ');
      }).join('; ')
      """;

  @Override
  String server() {
    return Servers.realOrSkip();
  }

  @Test
  @Order(7)
  void playersGoOnWhenThePublisherEndsAndComesAgain() throws Exception {
    Path film = Films.small(Films.output().resolve("again.mp4"), 30);
    String url = running.stack().inputUrl("again");
    Locator source = page.locator(".screen", new Page.LocatorOptions().setHas(video("Source")));
    Locator output = page.locator(".screen", new Page.LocatorOptions().setHas(video("Output")));
    try (MediaTask first = StreamPublisher.loop(film, url, 3, Duration.ofMinutes(2))) {
      page.locator(".row", new Page.LocatorOptions().setHasText("again")).click();
      assertThat(page.locator(".air h2")).containsText("again");
      assertThat(page.locator(".air .title")).containsText("Dub on air", within(LIMIT.plus(DELAY)));
      page.getByRole(AriaRole.BUTTON, named("Watch")).click();
      // Held back, as a test before this left it, the source stands still for the length of the
      // delay.
      page.getByRole(AriaRole.CHECKBOX, labelled("Hold the source back")).uncheck();
      awaitPlaying();
      assertThat(first.said()).isEmpty();
    }
    assertThatNothingIsWrong();
    // What MediaMTX has no longer is asked for once before the player knows.
    tab.expect(running.stack().server().hlsUrl() + "/");
    assertThat(source).containsText("Nobody publishes now", within(LIMIT));
    assertThat(output).containsText("Nothing is on air now", within(LIMIT.plus(DELAY)));
    try (MediaTask second = StreamPublisher.loop(film, url, 3, Duration.ofMinutes(2))) {
      assertThat(page.locator(".air .title")).containsText("Dub on air", within(LIMIT.plus(DELAY)));
      awaitPlaying();
      for (String name : new String[] {"Source", "Output"}) {
        Object from = page.evaluate("name => player(name).currentTime", name);
        page.waitForFunction("from => player('%s').currentTime > from + 1".formatted(name), from);
      }
      assertThat(second.said()).isEmpty();
    }
    assertThatNothingIsWrong();
  }

  private void awaitPlaying() {
    long end = System.nanoTime() + LIMIT.plus(DELAY).toNanos();
    boolean playing = (boolean) page.evaluate(PLAYING);
    while (!playing && System.nanoTime() < end) {
      page.waitForTimeout(250);
      playing = (boolean) page.evaluate(PLAYING);
    }
    assertThat(playing).as(String.valueOf(page.evaluate(STATE))).isTrue();
  }

  private Locator video(String name) {
    return page.locator("video[aria-label=%s]".formatted(name));
  }
}
