package babelmux.app.doctor;

import babelmux.hooks.TestStreams;
import babelmux.media.Natives;
import babelmux.worker.config.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything that a worker with these settings needs, from the publisher to the viewer.
 * Checks that need nothing of each other run side by side; what depends on a part that is not there
 * is not looked at, and not blamed. Blocks, a minute at most.
 */
public final class Doctor {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration CHAIN_LIMIT = Duration.ofSeconds(14);
  private static final Duration RUN_LIMIT = Duration.ofSeconds(55);
  private static final String API_CLOCK = "MediaMTX";

  private final Setup setup;
  private final WorkerConfig config;
  private final Host host;

  private Doctor(Setup setup, Host host) {
    this.setup = setup;
    this.config = setup.config();
    this.host = host;
  }

  /**
   * Looks.
   *
   * @param publish whether it also publishes for some seconds
   */
  public static Report look(Setup setup, Host host, boolean publish) throws InterruptedException {
    return new Doctor(setup, host).look(publish);
  }

  private Report look(boolean publish) throws InterruptedException {
    Instant begin = Instant.now();
    long beginNanos = System.nanoTime();
    TestStreams tests = host.tests() == null ? new TestStreams() : host.tests();
    String id = tests.issue();
    List<Finding> findings = new ArrayList<>();
    try (Checks checks = new Checks()) {
      Checks.Running<List<Finding>> machine = checks.start("this machine", this::machine);
      Checks.Running<Finding> rtmp =
          checks.start("rtmp", () -> Reach.rtmp(config.mediaMtx().rtmpUrl()));
      Checks.Running<ApiSight> apiLook =
          checks.start("control api", () -> ApiLook.look(config.mediaMtx().apiUrl()));
      Checks.Running<List<Finding>> sts = checks.start("sts", () -> new StsProbe(config).look());
      Checks.Running<List<Finding>> destinations =
          checks.start("destinations", () -> destinations(id));

      List<Finding> ofMachine = Checks.findings(machine, LIMIT);
      findings.addAll(ofMachine);
      Finding reached = rtmp.get(LIMIT);
      Finding ofRtmp =
          reached == null ? Finding.of(Code.RTMP_UNREACHABLE, "no answer in 10 s") : reached;
      findings.add(ofRtmp);
      ApiSight api = apiLook.get(LIMIT);
      boolean isThere = ofRtmp.level() != Level.FAIL;
      findings.addAll(ofApi(api, isThere, id));
      if (isThere && api != null) {
        Checks.Running<List<Finding>> chain =
            checks.start(
                "the way through MediaMTX",
                () -> new Chain(checks, config, host, api).look(obstacle(publish, ofMachine), id));
        findings.addAll(Checks.findings(chain, CHAIN_LIMIT));
      } else {
        findings.add(
            Finding.unknown(
                Code.PUBLISH_FAILED.subject(), "not looked at, because MediaMTX does not answer"));
      }
      findings.addAll(Checks.findings(destinations, LIMIT));
      Duration left = RUN_LIMIT.minusNanos(System.nanoTime() - beginNanos);
      findings.addAll(Checks.findings(sts, left));
      findings.add(clock(api, begin, beginNanos));
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
    return Report.of(begin, setup.version(), tookMs, findings);
  }

  private static @Nullable String obstacle(boolean publish, List<Finding> machine) {
    if (!publish) {
      return "not looked at: nothing is published";
    }
    return lackNatives(machine) ? "not looked at, because FFmpeg's libraries do not load" : null;
  }

  private static boolean lackNatives(List<Finding> machine) {
    return machine.stream().anyMatch(finding -> finding.code() == Code.NATIVES);
  }

  private List<Finding> machine() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.add(settings());
    findings.addAll(new Machine(setup.environment()).look(config.http(), host.port()));
    long usedBytes = lackNatives(findings) ? 0 : Natives.residentBytes();
    findings.add(Room.memory(config, setup.isGiven("max-streams"), usedBytes));
    findings.add(Room.descriptors(config, setup.isGiven("max-streams")));
    Path recordings = config.record().directory();
    if (recordings != null) {
      findings.add(Reach.folder(recordings, "record.to"));
    }
    Path state = config.state().directory();
    if (state != null) {
      findings.add(Reach.folder(state, "state-dir"));
    }
    return findings;
  }

  private Finding settings() {
    String given =
        setup.given().isEmpty() ? "all at their defaults" : String.join(", ", setup.given());
    return setup.notes().isEmpty()
        ? Finding.ok(Code.SETTINGS.subject(), given)
        : Finding.of(Code.SETTINGS, given, String.join("; ", setup.notes()));
  }

  /**
   * @param isThere whether MediaMTX answers at all: one that does not run is told once
   */
  private List<Finding> ofApi(@Nullable ApiSight api, boolean isThere, String id) {
    String subject = Code.API_UNREACHABLE.subject();
    if (api == null) {
      return List.of(
          isThere
              ? Finding.of(Code.API_UNREACHABLE, "no answer in 10 s")
              : Finding.unknown(subject, "no answer in 10 s"));
    }
    String url = config.mediaMtx().apiUrl().toString();
    Finding answer = ApiVerdict.answer(api, url);
    List<Finding> findings = new ArrayList<>();
    boolean isDown = answer.code() == Code.API_UNREACHABLE && !isThere;
    findings.add(isDown ? Finding.unknown(subject, answer.text()) : answer);
    if (api.isUsable()) {
      findings.add(ApiVerdict.access(api, url));
      findings.add(ApiVerdict.inputs(api, config.input().pathPattern()));
      String output = Chain.outUrl(config, id);
      if (Chain.isOnServer(config, output)) {
        Set<String> here = new HashSet<>(host.streams().get());
        here.add(id);
        findings.add(ApiVerdict.others(api, TestPath.like(Chain.path(output), id), here, url));
      }
    }
    return findings;
  }

  private List<Finding> destinations(String id) {
    List<Finding> findings = new ArrayList<>();
    Reach.input(config, "live/" + id + "/in", id).ifPresent(findings::add);
    if (!Chain.isOnServer(config, Chain.outUrl(config, id))) {
      findings.add(Reach.destination(config, "out", config.output().urlTemplate(), id));
    }
    config
        .output()
        .destinations()
        .urls()
        .forEach((name, url) -> findings.add(Reach.destination(config, name, url, id)));
    return findings;
  }

  private static Finding clock(@Nullable ApiSight api, Instant begin, long beginNanos) {
    Map<String, Duration> ahead = new LinkedHashMap<>();
    if (api != null && api.clockAhead() != null) {
      ahead.put(API_CLOCK, api.clockAhead());
    }
    Duration passed = Duration.ofNanos(System.nanoTime() - beginNanos);
    return Clocks.judge(ahead, Duration.between(begin, Instant.now()).minus(passed));
  }
}
