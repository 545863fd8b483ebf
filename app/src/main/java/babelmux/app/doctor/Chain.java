package babelmux.app.doctor;

import babelmux.hooks.ControlApiClient;
import babelmux.hooks.PathSettings;
import babelmux.hooks.TestStreams;
import babelmux.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a stream through MediaMTX: the input's path, its hook, the worker's reading, the
 * output's path and a viewer. Publishes to both paths, side by side. Blocks, 10 s at most.
 */
final class Chain {
  /** A fault is named within 10 s of the start, also when the API begins to hang. */
  private static final Duration LIMIT = Duration.ofMillis(9_800);

  private static final Duration API_LIMIT = Duration.ofMillis(700);
  private static final Duration END_LIMIT = Duration.ofMillis(1_500);
  private static final long TICK_MILLIS = 20;

  private final Checks checks;
  private final WorkerConfig config;
  private final Host host;
  private final ApiSight api;
  private final long endNanos = System.nanoTime() + LIMIT.toNanos();

  Chain(Checks checks, WorkerConfig config, Host host, ApiSight api) {
    this.checks = checks;
    this.config = config;
    this.host = host;
    this.api = api;
  }

  /**
   * Looks.
   *
   * @param obstacle why nothing is published; null when something is
   * @param id of the test stream
   */
  List<Finding> look(@Nullable String obstacle, String id) throws InterruptedException {
    Optional<String> in = TestPath.input(config.input().pathPattern(), id);
    if (in.isEmpty()) {
      return List.of(
          Finding.unknown(
              Code.PUBLISH_FAILED.subject(),
              "no path can be told from input.path-pattern " + config.input().pathPattern()));
    }
    String inPath = in.get();
    String outUrl = outUrl(config, id);
    String outPath = isOnServer(config, outUrl) ? path(outUrl) : "";
    List<PathSettings> all = api.paths();
    HookSettings settings = all == null ? null : HookSettings.of(all, inPath, outPath);
    List<Finding> findings = new ArrayList<>(ofSettings(settings, inPath, outPath));
    Hook hook =
        new Hook(
            settings == null || (settings.in() != null && !settings.in().onReady().isEmpty()),
            program(settings),
            new HookVerdict.Port(config.http().scheme(), host.boundPort(), Chain::isHere));
    if (obstacle != null) {
      if (hook.isSet()) {
        findings.addAll(HookVerdict.unpublished(hook.program(), hook.port(), obstacle));
      }
      findings.add(Finding.unknown(Code.PUBLISH_FAILED.subject(), obstacle));
      return findings;
    }
    PathTrial.Target input =
        settings == null || settings.in() != null
            ? new PathTrial.Target(inUrl(inPath), readUrl(inPath, id), inPath)
            : null;
    PathTrial.Target output =
        !outPath.isEmpty() && (settings == null || settings.out() != null)
            ? new PathTrial.Target(outUrl, outUrl, outPath)
            : null;
    findings.addAll(publish(input, output, hook, id));
    TestStreams tests = host.tests();
    if (settings == null && tests != null && tests.arrivals(id).output()) {
      findings.add(Finding.of(Code.HOOK_ON_OUTPUT, "a hook told of " + outPath));
    }
    return findings;
  }

  /**
   * What is known of the hook beforehand.
   *
   * @param isSet whether there is one, or that is not known
   */
  private record Hook(boolean isSet, HookProgram program, HookVerdict.Port port) {}

  private static List<Finding> ofSettings(
      @Nullable HookSettings settings, String inPath, String outPath) {
    return settings == null
        ? List.of(
            Finding.unknown(
                Code.HOOK_MISSING.subject(),
                "MediaMTX does not tell how it is configured; whether the hook arrives tells"))
        : settings.findings(inPath, outPath, !outPath.isEmpty());
  }

  /** Publishes to both paths at the same time; null where there is none. */
  private List<Finding> publish(
      PathTrial.@Nullable Target input, PathTrial.@Nullable Target output, Hook hook, String id)
      throws InterruptedException {
    TestStreams tests = host.tests();
    List<Finding> findings = new ArrayList<>();
    try (ControlApiClient client = client()) {
      ControlApiClient asked = api.isUsable() ? client : null;
      BooleanSupplier heard =
          () ->
              !hook.isSet()
                  || tests == null
                  || tests.arrivals(id).ready()
                  || HookVerdict.isBroken(hook.program(), hook.port());
      Checks.Running<PathTrial.Sight> ofInput = start(input, asked, heard);
      Checks.Running<PathTrial.Sight> ofOutput = start(output, asked, () -> true);
      PathTrial.Sight inSight = ofInput == null ? null : ofInput.get();
      PathTrial.Sight outSight = ofOutput == null ? null : ofOutput.get();
      if (input != null && inSight != null) {
        TestStreams.Arrivals arrivals = tests == null ? null : arrivals(tests, id);
        findings.addAll(ofInput(input.path(), inSight, arrivals, hook));
      } else if (ofInput != null) {
        findings.add(ofInput.nothing());
      }
      if (output != null && outSight != null) {
        findings.addAll(ofOutput(output.path(), inSight, outSight));
      } else if (ofOutput != null) {
        findings.add(ofOutput.nothing());
      }
    }
    return findings;
  }

  /**
   * Waits a moment for the hook of the end, which would be sent again and again to a closed port.
   */
  private TestStreams.Arrivals arrivals(TestStreams tests, String id) throws InterruptedException {
    long now = System.nanoTime();
    long waitNanos = Math.min(END_LIMIT.toNanos(), endNanos - now);
    TestStreams.Arrivals arrivals = tests.arrivals(id);
    while (arrivals.ready() && !arrivals.notReady() && System.nanoTime() - now < waitNanos) {
      Thread.sleep(TICK_MILLIS);
      arrivals = tests.arrivals(id);
    }
    return arrivals;
  }

  private Checks.@Nullable Running<PathTrial.Sight> start(
      PathTrial.@Nullable Target target,
      @Nullable ControlApiClient asked,
      BooleanSupplier isComplete) {
    return target == null
        ? null
        : checks.start(
            target.path(),
            Duration.ofNanos(endNanos - System.nanoTime()),
            new PathTrial(checks.threads(), target, asked, isComplete)::run);
  }

  private static List<Finding> ofInput(
      String path, PathTrial.Sight sight, TestStreams.@Nullable Arrivals arrivals, Hook hook) {
    List<Finding> findings = new ArrayList<>(TrialVerdict.input(path, sight));
    if (hook.isSet()) {
      findings.addAll(1, ofHook(sight, arrivals, hook));
    }
    return findings;
  }

  private static List<Finding> ofHook(
      PathTrial.Sight sight, TestStreams.@Nullable Arrivals arrivals, Hook hook) {
    if (sight.failure() != null || !sight.ready()) {
      return List.of(
          Finding.unknown(
              Code.HOOK_LOST.subject(), "not looked at, because the test publish failed"));
    }
    return arrivals == null
        ? HookVerdict.unpublished(
            hook.program(),
            hook.port(),
            "not looked at, because the hooks of this port go to another program")
        : HookVerdict.arrived(hook.program(), arrivals, hook.port());
  }

  /** What keeps publishers from the input keeps them from the output, too, and is told once. */
  private static List<Finding> ofOutput(
      String path, PathTrial.@Nullable Sight input, PathTrial.Sight output) {
    TestPublisher.Failure failure = output.failure();
    boolean sameAsInput =
        failure != null
            && input != null
            && input.failure() != null
            && PublishFault.of(failure, output.taken())
                == PublishFault.of(input.failure(), input.taken());
    return sameAsInput
        ? List.of(
            Finding.unknown(
                Code.OUTPUT_FAILED.subject(), path + " fails for the same reason as the input"))
        : TrialVerdict.output(path, output);
  }

  private HookProgram program(@Nullable HookSettings settings) {
    if (settings == null || settings.in() == null || settings.in().onReady().isEmpty()) {
      return HookProgram.unseen("it cannot be seen from here; whether the hook arrives tells");
    }
    URI rtmp = URI.create(config.mediaMtx().rtmpUrl().base());
    String command = settings.in().onReady();
    return ServerProcess.find(rtmp.getHost(), Reach.port(rtmp))
        .map(server -> HookProgram.look(command, server))
        .orElseGet(
            () ->
                HookProgram.unseen(
                    "MediaMTX's files cannot be seen from here; whether the hook arrives tells"));
  }

  private ControlApiClient client() {
    return new ControlApiClient(config.mediaMtx().apiUrl().toUri(), API_LIMIT, API_LIMIT);
  }

  /** Where the output of a stream goes, with credentials. */
  static String outUrl(WorkerConfig config, String id) {
    return config
        .output()
        .urlTemplate()
        .resolve(config.mediaMtx().rtmpUrl(), id, config.languages());
  }

  private String inUrl(String path) {
    return config.doctor().inputUrl(config.mediaMtx().rtmpUrl(), path);
  }

  private String readUrl(String path, String id) {
    return config.input().urlTemplate().resolve(config.mediaMtx().rtmpUrl(), path, id);
  }

  /** Nobody else's server gets a test publish. */
  static boolean isOnServer(WorkerConfig config, String url) {
    try {
      URI server = URI.create(config.mediaMtx().rtmpUrl().base());
      URI output = URI.create(url);
      return server.getScheme().equals(output.getScheme())
          && server.getHost().equals(output.getHost())
          && server.getPort() == output.getPort();
    } catch (IllegalArgumentException | NullPointerException e) {
      return false;
    }
  }

  static String path(String url) {
    return URI.create(url).getPath().replaceFirst("^/+", "");
  }

  private static boolean isHere(String name) {
    try {
      return ServerProcess.isHere(name);
    } catch (IOException e) {
      return false;
    }
  }
}
