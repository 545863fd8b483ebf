package babelmux.app;

import babelmux.media.Natives;
import babelmux.media.TrackKind;
import babelmux.worker.config.Catalog;
import babelmux.worker.config.DelayConfig;
import babelmux.worker.config.Setting;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.recording.RecordedSlots;
import babelmux.worker.recording.RedoneSlots;
import babelmux.worker.session.DubListener;
import babelmux.worker.session.OfflineDub;
import babelmux.worker.session.SessionListener;
import babelmux.worker.session.SlotWords;
import babelmux.worker.session.SoundShape;
import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.FitAction;
import babelmux.worker.sound.FitPlan;
import babelmux.worker.streams.SoundSettings;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsSession;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code babelmux dub IN OUT}: the pipeline on a file, as fast as the STS answers. */
@Command(
    name = "dub",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Dub a file into another, as fast as the STS answers.",
      "The video stays as it is, the audio becomes another language, the original audio stays wherever the STS gives",
      "no dub. No server is needed. An STS that goes away in the middle is waited for, up to 5 minutes each time."
    },
    footer = {
      "",
      "Example: babelmux dub fixtures/30s-counting-english.mp4 out.mp4 --sts counting-es"
    })
final class DubCommand implements Callable<Integer> {
  private static final Duration READY_LIMIT = Duration.ofSeconds(12);
  private static final Duration WORDS_LIMIT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String STS_URL = "sts.url";

  @Spec private CommandSpec spec;
  @Mixin private QuietLogOptions log = new QuietLogOptions();

  @Option(
      names = "--redo-fallbacks",
      paramLabel = "REC.json",
      description = {
        "Instead of IN: dub what fell back to original audio in a recording of serve, and leave the rest as it is.",
        "Writes a new recording, words and slots to OUT (.mp4), by default REC.redone.mp4; nothing is replaced."
      })
  private @Nullable Path redoneFrom;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "IN",
      description = "What to dub: a file, or a URL that ends.")
  private String input = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OUT",
      description = "Where it goes: a file (.mp4, .mkv, .ts, .flv). One that is there is replaced.")
  private String output = "";

  @Option(
      names = "--sts",
      paramLabel = "NAME",
      description =
          "Instead of the service at --sts-url, a stand-in inside this process: echo, tone or counting-es.")
  private @Nullable String standInVoice;

  @Option(
      names = "--source-language",
      defaultValue = "en",
      description = "Default: ${DEFAULT-VALUE}.")
  private String sourceLanguage = "en";

  @Option(
      names = "--target-language",
      defaultValue = "es",
      description = "Default: ${DEFAULT-VALUE}.")
  private String targetLanguage = "es";

  @Option(
      names = "--sts-limit",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long the STS may take for 6 seconds of audio when it does nothing else. Default: ${DEFAULT-VALUE}.")
  private int limitSeconds;

  @Option(
      names = "--audio-bitrate",
      paramLabel = "BPS",
      defaultValue = "128000",
      description = "Bits per second of the output's audio. Default: ${DEFAULT-VALUE}.")
  private int bitRate;

  @Option(
      names = "--strict",
      description = "Exit code 1 when any segment fell back to original audio; else that is 0.")
  private boolean strict;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DubCommand() {}

  @Override
  public Integer call() throws Exception {
    log.setUp();
    Redo redo = redo();
    check();
    WorkerConfig settings =
        SettingOptions.load(
            spec.commandLine().getParseResult(), System.getenv(), Catalog.ofFiles());
    Natives.load();
    try (StandIn standIn = standIn()) {
      StsConfig service =
          standIn == null
              ? StsAccess.of(settings.sts())
              : StsConfig.builder(standIn.url()).maxInFlight(settings.sts().maxInFlight()).build();
      ExecutorService pool = DubPool.create();
      try (StsLinks links = new StsLinks(service)) {
        return dub(links, pool, service, settings, redo);
      } finally {
        pool.shutdownNow();
      }
    }
  }

  /** What of a recording is to be dubbed, and where that goes. */
  private record Redo(RecordedSlots recording, RedoneSlots result) {}

  /** Takes IN and OUT from the recording that is redone, if there is one. */
  private @Nullable Redo redo() {
    if (redoneFrom == null) {
      if (input.isEmpty() || output.isEmpty()) {
        throw usage(
            "Missing required parameter%s"
                .formatted(input.isEmpty() ? "s: 'IN', 'OUT'" : ": 'OUT'"));
      }
      return null;
    }
    if (!output.isEmpty()) {
      throw usage("--redo-fallbacks: expected OUT alone, not IN and OUT");
    }
    RecordedSlots recording;
    try {
      recording = RecordedSlots.read(redoneFrom);
    } catch (IOException e) {
      throw usage("--redo-fallbacks: %s: %s".formatted(redoneFrom, e.getMessage()));
    }
    Path out = input.isEmpty() ? recording.redone() : Path.of(input);
    RedoneSlots result = new RedoneSlots(recording, out);
    if (!out.toString().endsWith(".mp4") || !result.isFree()) {
      throw usage(
          "OUT: %s: expected a name that ends in .mp4 and is free, also with .json and .vtt"
              .formatted(out));
    }
    input = recording.media().toString();
    output = out.toString();
    sourceLanguage = recording.sourceLanguage();
    targetLanguage = recording.targetLanguage();
    return new Redo(recording, result);
  }

  private void check() {
    if (limitSeconds < 1 || limitSeconds > 600) {
      throw usage("--sts-limit: " + limitSeconds + ": expected 1 to 600 seconds");
    }
    if (bitRate < 16_000 || bitRate > 512_000) {
      throw usage("--audio-bitrate: " + bitRate + ": expected 16000 to 512000 bits per second");
    }
    checkService();
    boolean file = !input.contains("://");
    if (file && !Files.isReadable(Path.of(input))) {
      throw usage("IN: " + input + ": expected a file that can be read, or a URL");
    }
    if (file
        && Path.of(input)
            .toAbsolutePath()
            .normalize()
            .equals(Path.of(output).toAbsolutePath().normalize())) {
      throw usage("OUT: " + output + ": expected another file than IN");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private @Nullable StandIn standIn() throws IOException {
    if (standInVoice == null) {
      return null;
    }
    if (!Tools.areInstalled()) {
      throw usage("--sts: the stand-in is " + Tools.WHERE);
    }
    try {
      return StandIn.start(standInVoice);
    } catch (IllegalArgumentException e) {
      throw usage("--sts: " + e.getMessage());
    }
  }

  /** A service must be named: the default address of a worker is none for a file. */
  private void checkService() {
    Setting<?> url =
        Catalog.ofFiles().stream()
            .filter(setting -> setting.key().equals(STS_URL))
            .findFirst()
            .orElseThrow();
    boolean byFlag = spec.commandLine().getParseResult().hasMatchedOption(url.flag());
    if (byFlag && standInVoice != null) {
      throw usage("%s and --sts are mutually exclusive".formatted(url.flag()));
    }
    boolean byName =
        url.envNames().stream()
            .map(name -> System.getenv().getOrDefault(name, ""))
            .anyMatch(value -> !value.isBlank());
    if (!byFlag && !byName && standInVoice == null) {
      throw usage("expected --sts-url URL, or --sts echo|tone|counting-es for a stand-in");
    }
  }

  private int dub(
      StsLinks links,
      ExecutorService pool,
      StsConfig service,
      WorkerConfig settings,
      @Nullable Redo redo)
      throws IOException, InterruptedException {
    List<Segment> listed = redo == null ? null : redo.recording().fallbacks();
    if (listed != null && listed.isEmpty()) {
      spec.commandLine().getOut().println(input + ": no slot fell back, nothing to dub");
      return 0;
    }
    OfflineDub.Settings film =
        new OfflineDub.Settings(
            DelayConfig.SEGMENT,
            Duration.ofSeconds(limitSeconds),
            service.maxInFlight(),
            bitRate,
            settings.output().copyAudio(),
            SoundSettings.of(settings.sound()),
            settings.segment().quietCut(),
            PATIENCE,
            listed);
    Tally tally = new Tally(redo == null ? new DubListener() {} : redo.result());
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    long begin = System.nanoTime();
    new OfflineDub(
            input,
            output,
            film,
            pool,
            shape -> open(links, shape, service.url(), film.fragmentTimeout()),
            tally,
            tally,
            us -> {
              progress.show(
                  "%.1f s read, %d segments dubbed, %d in the original"
                      .formatted(us / 1e6, tally.dubbed(), tally.original().size()));
            })
        .run();
    progress.end();
    if (redo != null) {
      // The words of the last dub may still be on their way.
      pool.shutdown();
      if (!pool.awaitTermination(WORDS_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        spec.commandLine().getErr().println("dub: some words are missing");
      }
      redo.result().write();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %.1f s in %.1f s, %d segments dubbed, %d fell back to original audio%n",
            output, tally.lengthSeconds(), seconds, tally.dubbed(), tally.original().size());
    tally.fits().forEach(line -> spec.commandLine().getOut().println("  " + line));
    tally.deadDubs().forEach(line -> spec.commandLine().getOut().println("  " + line));
    tally
        .original()
        .forEach(
            (index, why) ->
                spec.commandLine()
                    .getOut()
                    .printf(
                        Locale.ROOT,
                        "  segment %d (from %.1f s): %s%n",
                        index,
                        tally.startSeconds(index),
                        why));
    if (strict && !tally.original().isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("dub: not every segment was dubbed, and --strict was given");
      return FailureLine.FAILED;
    }
    return 0;
  }

  /**
   * Connects before anything is written: an STS that is not there is an error, not a film in the
   * original.
   */
  private StsLink open(StsLinks links, SoundShape shape, URI url, Duration fragmentTimeout) {
    StsSession session =
        new StsSession(
            sourceLanguage,
            targetLanguage,
            shape.rate().hz(),
            shape.sentChannels(),
            fragmentTimeout);
    StsLink link = links.open("dub", session, StsObserver.NONE);
    long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    while (!link.ready()) {
      LinkStatus status = link.status();
      boolean refused = status.lastError() != null && !status.state().tag().equals("connecting");
      if (refused || System.nanoTime() - deadline > 0) {
        link.close();
        throw new IllegalStateException(
            "the STS at %s cannot be used: %s".formatted(url, status.lastError()));
      }
      pause();
    }
    return link;
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Counts of dubbed segments and fallbacks. */
  private static final class Tally implements SessionListener, DubListener {
    private final Map<Long, String> original = new TreeMap<>();
    private final Map<Long, Long> startsUs = new HashMap<>();
    private final Map<FitAction, DoubleSummaryStatistics> tempos = new EnumMap<>(FitAction.class);
    private final Map<DeadDub, Integer> dead = new EnumMap<>(DeadDub.class);
    private int dubbed;
    private final DubListener also;
    private boolean hasVideo;
    private long startUs = Long.MAX_VALUE;
    private long endUs;

    Tally(DubListener also) {
      this.also = also;
    }

    @Override
    public void words(long index, SlotWords words) {
      also.words(index, words);
    }

    @Override
    public synchronized void segment(long index, String fragmentId, long startUs, long endUs) {
      startsUs.put(index, startUs);
      also.segment(index, fragmentId, startUs, endUs);
    }

    @Override
    public synchronized void dubbed(long index) {
      dubbed++;
      also.dubbed(index);
    }

    @Override
    public synchronized void fellBack(long index, FallbackReason reason, String detail) {
      original.put(index, reason.tag() + ", " + detail);
    }

    @Override
    public synchronized void fitted(long index, FitPlan plan) {
      tempos
          .computeIfAbsent(plan.action(), action -> new DoubleSummaryStatistics())
          .accept(plan.tempo());
    }

    @Override
    public synchronized void deadDubs(DeadDub kind, int dubs) {
      dead.merge(kind, dubs, Integer::sum);
    }

    /** A line for each kind of dubs that say nothing. */
    synchronized List<String> deadDubs() {
      List<String> lines = new ArrayList<>();
      dead.forEach((kind, dubs) -> lines.add("%d dead dubs: %s".formatted(dubs, kind.text())));
      return lines;
    }

    /** The video gives the length of the film; the audio where there is no video. */
    @Override
    public synchronized void released(OutputPacket packet, long lateNanos) {
      boolean video = packet.packet().kind() == TrackKind.VIDEO;
      if (video && !hasVideo) {
        hasVideo = true;
        startUs = Long.MAX_VALUE;
        endUs = 0;
      }
      if (video == hasVideo) {
        startUs = Math.min(startUs, packet.ptsUs());
        endUs = Math.max(endUs, packet.ptsUs() + packet.packet().durationUs());
      }
    }

    synchronized double lengthSeconds() {
      return Math.max(0, endUs - startUs) / 1e6;
    }

    /** A line for each way in which dubs were made as long as their slots. */
    synchronized List<String> fits() {
      List<String> lines = new ArrayList<>();
      tempos.forEach(
          (action, tempo) ->
              lines.add(
                  tempo.getMin() == 1 && tempo.getMax() == 1
                      ? "%d %s".formatted(tempo.getCount(), action.tag())
                      : "%d %s, tempo %.3f to %.3f"
                          .formatted(
                              tempo.getCount(), action.tag(), tempo.getMin(), tempo.getMax())));
      return lines;
    }

    /** The start of a segment, in seconds from the first one. */
    synchronized double startSeconds(long index) {
      return (startsUs.getOrDefault(index, 0L) - startsUs.getOrDefault(0L, 0L)) / 1e6;
    }

    synchronized int dubbed() {
      return dubbed;
    }

    synchronized Map<Long, String> original() {
      return new TreeMap<>(original);
    }
  }
}
