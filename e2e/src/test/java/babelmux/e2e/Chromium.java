package babelmux.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * The Chromium of this machine, headless, in an empty profile of its own. One thread; whoever
 * starts it closes it.
 */
final class Chromium implements AutoCloseable {
  static final String LACKING = "no Chromium";

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Nothing but the page is to speak to anybody. */
  private static final List<String> FLAGS =
      List.of(
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static final String AXE = read("/axe.min.js");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Starts it; skips the test where there is none. */
  static Chromium start() {
    Optional<Path> program = find(System.getenv().getOrDefault("PATH", ""));
    Assumptions.assumeTrue(program.isPresent(), LACKING + ": none of " + NAMES + " on PATH");
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    List<String> flags = new ArrayList<>(FLAGS);
    boolean root = "root".equals(System.getProperty("user.name"));
    try {
      return new Chromium(
          playwright,
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(program.orElseThrow())
                      .setChromiumSandbox(!root)
                      .setArgs(flags)));
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  /** The program, where it is on a path like that of a shell. */
  static Optional<Path> find(String path) {
    return NAMES.stream()
        .flatMap(name -> List.of(path.split(":")).stream().map(folder -> Path.of(folder, name)))
        .filter(file -> file.isAbsolute() && Files.isExecutable(file))
        .findFirst();
  }

  /**
   * A tab that notes what no page may do. Closed with this, or by itself.
   *
   * @param allowed hosts that it may ask
   */
  Tab open(Browser.NewContextOptions options, Set<URI> allowed) {
    return new Tab(browser.newContext(options.setLocale("en-GB")), allowed);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  private static String read(String resource) {
    try (InputStream in = Chromium.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One page in a profile of its own. */
  static final class Tab implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();

    private Tab(BrowserContext context, Set<URI> allowed) {
      this.context = context;
      Set<String> hosts = allowed.stream().map(URI::getAuthority).collect(Collectors.toSet());
      // Not loaded by the page: its policy allows no script of others.
      context.addInitScript(AXE);
      page = context.newPage();
      page.setDefaultTimeout(30_000);
      page.onConsoleMessage(
          message -> {
            if (Set.of("error", "warning").contains(message.type())) {
              complaints.add(message.type() + ": " + message.text() + " " + message.location());
            }
          });
      page.onPageError(error -> complaints.add("error: " + error));
      page.onRequest(
          request -> {
            URI url = URI.create(request.url());
            if (url.getAuthority() != null && !hosts.contains(url.getAuthority())) {
              complaints.add("asks another host: " + url);
            }
          });
    }

    Page page() {
      return page;
    }

    BrowserContext context() {
      return context;
    }

    /** Messages with this text are no complaint from now on, nor were they before. */
    void expect(String text) {
      expected.add(text);
    }

    /** Errors and warnings of the console, and requests to other hosts. */
    List<String> complaints() {
      return complaints.stream()
          .filter(complaint -> expected.stream().noneMatch(complaint::contains))
          .toList();
    }

    /** What axe-core finds by WCAG 2.1 A and AA: rule, and the first places. */
    List<String> inaccessible() {
      Object found =
          page.evaluate(
              """
              async () => {
                const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
                const report = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
                return report.violations.map(v => `${v.id}: ${v.help}; ` +
                  v.nodes.slice(0, 3).map(n => `${n.target} ${n.failureSummary}`).join(' | '));
              }
              """);
      return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
