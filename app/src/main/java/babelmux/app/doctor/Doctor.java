package babelmux.app.doctor;

import babelmux.hooks.ControlApiException;
import babelmux.hooks.TestStreams;
import babelmux.media.Natives;
import babelmux.worker.config.OutputUrlTemplate;
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

  /** The STS is looked at in steps, each of which has a limit of its own. */
  private static final Duration STS_LIMIT = Duration.ofSeconds(55);

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
      Checks.Running<List<Finding>> machine = checks.start("this machine", LIMIT, this::machine);
      List<Checks.Running<Finding>> folders = folders(checks);
      Checks.Running<Finding> rtmp =
          checks.start("rtmp", LIMIT, () -> Reach.rtmp(config.mediaMtx().rtmpUrl()));
      Checks.Running<ApiSight> apiLook =
          checks.start("control api", LIMIT, () -> ApiLook.look(config.mediaMtx().apiUrl()));
      Checks.Running<List<Finding>> sts =
          checks.start("sts", STS_LIMIT, () -> new StsProbe(config).look());
      List<Checks.Running<Finding>> destinations = destinations(checks, id);

      List<Finding> ofMachine = Checks.findings(machine);
      findings.addAll(ofMachine);
      for (Checks.Running<Finding> folder : folders) {
        findings.add(Checks.finding(folder));
      }
      Finding reached = rtmp.get();
      Finding ofRtmp =
          reached == null ? Finding.of(Code.RTMP_UNREACHABLE, "no answer in 10 s") : reached;
      findings.add(ofRtmp);
      ApiSight looked = apiLook.get();
      // What was not told in time is as little known as what is not told at all.
      ApiSight api =
          looked == null
              ? ApiSight.nothing(new ControlApiException("no whole answer within 10 s", 0, null))
              : looked;
      boolean isThere = ofRtmp.level() != Level.FAIL;
      findings.addAll(
          Checks.findings(checks.start("control api", LIMIT, () -> ofApi(api, isThere, id))));
      if (isThere) {
        Checks.Running<List<Finding>> chain =
            checks.start(
                "the way through MediaMTX",
                LIMIT,
                () -> new Chain(checks, config, host, api).look(obstacle(publish, ofMachine), id));
        findings.addAll(Checks.findings(chain));
      } else {
        findings.add(
            Finding.unknown(
                Code.PUBLISH_FAILED.subject(), "not looked at, because MediaMTX does not answer"));
      }
      for (Checks.Running<Finding> destination : destinations) {
        findings.add(Checks.finding(destination));
      }
      findings.addAll(Checks.findings(sts));
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
    findings.add(
        Room.memory(config, setup.isGiven("max-streams"), usedBytes, host.running().getAsInt()));
    findings.add(Room.descriptors(config, setup.isGiven("max-streams")));
    return findings;
  }

  /** Each on its own: a file system of the network may hold one up without end. */
  private List<Checks.Running<Finding>> folders(Checks checks) {
    List<Checks.Running<Finding>> folders = new ArrayList<>();
    Path recordings = config.record().directory();
    if (recordings != null) {
      folders.add(checks.start("record.to", LIMIT, () -> Reach.folder(recordings, "record.to")));
    }
    Path state = config.state().directory();
    if (state != null) {
      folders.add(checks.start("state-dir", LIMIT, () -> Reach.folder(state, "state-dir")));
    }
    return folders;
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
  private List<Finding> ofApi(ApiSight api, boolean isThere, String id) {
    String subject = Code.API_UNREACHABLE.subject();
    String url = config.mediaMtx().apiUrl().toString();
    Finding answer = ApiVerdict.answer(api, url);
    List<Finding> findings = new ArrayList<>();
    boolean isDown = answer.code() == Code.API_UNREACHABLE && !isThere;
    findings.add(isDown ? Finding.unknown(subject, answer.text()) : answer);
    if (api.isUsable()) {
      findings.add(ApiVerdict.access(api, url));
      findings.add(ApiVerdict.inputs(api, config.input().pathPattern()));
      String output = Chain.outUrl(config, id);
      // Where the id stands in the query alone, a path tells nothing of whose it is.
      if (Chain.isOnServer(config, output) && Chain.path(output).contains(id)) {
        Set<String> here = new HashSet<>(host.streams().get());
        here.add(id);
        findings.add(ApiVerdict.others(api, TestPath.like(Chain.path(output), id), here, url));
      }
    }
    return findings;
  }

  /** Each on its own: one that does not answer takes no time from another one. */
  private List<Checks.Running<Finding>> destinations(Checks checks, String id) {
    List<Checks.Running<Finding>> all = new ArrayList<>();
    if (!config.input().urlTemplate().isOnRtmpServer()) {
      all.add(
          checks.start(
              Code.INPUT_UNREACHABLE.subject(),
              LIMIT,
              () -> Reach.input(config, "live/" + id + "/in", id)));
    }
    Map<String, OutputUrlTemplate> urls = new LinkedHashMap<>();
    if (!Chain.isOnServer(config, Chain.outUrl(config, id))) {
      urls.put("out", config.output().urlTemplate());
    }
    urls.putAll(config.output().destinations().urls());
    urls.forEach(
        (name, url) ->
            all.add(
                checks.start(
                    "destination " + name, LIMIT, () -> Reach.destination(config, name, url, id))));
    return all;
  }

  private static Finding clock(ApiSight api, Instant begin, long beginNanos) {
    Map<String, Duration> ahead = new LinkedHashMap<>();
    if (api.clockAhead() != null) {
      ahead.put(API_CLOCK, api.clockAhead());
    }
    Duration passed = Duration.ofNanos(System.nanoTime() - beginNanos);
    return Clocks.judge(ahead, Duration.between(begin, Instant.now()).minus(passed));
  }
}
