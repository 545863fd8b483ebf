package babelmux.bench;

import babelmux.demo.Distribution;
import babelmux.demo.Web;
import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code babelmux bench destinations}: what bad destinations cost the good ones. */
@Command(
    name = "destinations",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What a destination that takes nothing, and one that is reset every 7 s, cost the others.",
      "One stream is sent to both, to a healthy one and to its own output; viewers look at each picture that comes."
    })
final class DestinationsBench implements Callable<Integer> {
  private static final Duration DELAY = Duration.ofSeconds(8);
  private static final Duration STARTS = Duration.ofSeconds(30);
  private static final long RESET_NANOS = Duration.ofSeconds(7).toNanos();
  private static final long LOOK_MILLIS = 50;
  private static final String ID = "many";

  @Spec private CommandSpec spec;
  @ParentCommand private BenchCommand bench;
  @Mixin private BenchOutput output = new BenchOutput();
  @Mixin private BenchOrigin origin = new BenchOrigin();

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "5",
      description = "How long. Default: ${DEFAULT-VALUE}.")
  private int minutes;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec and the parent
  DestinationsBench() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (minutes < 1 || minutes > 24 * 60) {
      throw new ParameterException(
          spec.commandLine(), "--minutes: " + minutes + ": expected 1 to 1440");
    }
    bench.program().logErrorsOnly();
    MachineNote machine = MachineNote.now();
    List<String> flags =
        List.of("--delay", DELAY.toSeconds() + "s", "--output-destinations-allow", "127.0.0.1");
    String server;
    DestinationsResult result;
    try (BenchSite site = BenchSite.start(bench.program(), origin.mediaMtx(), flags);
        FaultProxy flapping = FaultProxy.to(site.stack().server().rtmpUrl());
        FaultProxy hole = FaultProxy.to(site.stack().server().rtmpUrl())) {
      server = site.originName();
      result = watch(site, flapping, hole);
    }
    List<Figure> figures = result.figures();
    BenchReport report =
        new BenchReport(
            "destinations",
            "./babelmux bench destinations --minutes %d --mediamtx %s"
                .formatted(minutes, origin.mediaMtx()),
            "Origin: %s; delay 8 s; 0.4 Mbit/s of video and audio. The black hole's error: \"%s\"."
                .formatted(server, result.hole().lastError()),
            machine,
            figures);
    return output.print(report, spec.commandLine().getOut());
  }

  private DestinationsResult watch(BenchSite site, FaultProxy flapping, FaultProxy hole)
      throws IOException, InterruptedException {
    URI server = site.stack().server().rtmpUrl();
    Duration length = Duration.ofMinutes(minutes).plus(DELAY).plus(STARTS);
    site.publish(ID, Distribution.fixture("30s-counting-english.mp4"), length);
    site.hookToFirstPacketNanos(ID);
    post(site, "healthy", server + "/healthy/" + ID);
    post(site, "flapping", flapping.url() + "/flapping/" + ID);
    post(site, "hole", hole.url() + "/hole/" + ID);
    site.awaitListed("live/" + ID + "/out", DELAY.plus(STARTS), () -> "no output");
    try (PictureTap out = PictureTap.start(site.stack().outputUrl(ID), "out");
        PictureTap healthy = PictureTap.start(server + "/healthy/" + ID, "healthy");
        PictureTap flaps = PictureTap.start(server + "/flapping/" + ID, "flapping")) {
      DestinationsResult.Hole seen = run(site, flapping, hole);
      double dropped =
          site.scrape().sum("worker_packets_dropped_total", Map.of("reason", "destination"));
      return new DestinationsResult(
          out.pictures(), healthy.pictures(), flaps.pictures(), seen, dropped);
    }
  }

  private static void post(BenchSite site, String name, String url)
      throws IOException, InterruptedException {
    int status =
        Web.post(
            site.worker().url() + "/v1/streams/" + ID + "/destinations",
            "{\"name\":\"%s\",\"url\":\"%s\"}".formatted(name, url));
    if (status != 201) {
      throw new IOException("POST of destination " + name + " was answered with " + status);
    }
  }

  /** Makes the faults, and looks at the black hole all the while. */
  private DestinationsResult.Hole run(BenchSite site, FaultProxy flapping, FaultProxy hole)
      throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + Duration.ofMinutes(minutes).toNanos();
    long reset = begin + RESET_NANOS;
    long stalled = 0;
    long takenAt = 0;
    long bytes = -1;
    double downMs = -1;
    double lastByteMs = -1;
    double queueSeconds = 0;
    String lastError = "";
    for (long now = begin; now - end < 0; now = System.nanoTime()) {
      if (now - reset >= 0) {
        flapping.reset();
        reset += RESET_NANOS;
      }
      JsonNode status = hole(site);
      String state = status.path("state").asText();
      queueSeconds = Math.max(queueSeconds, status.path("queueSeconds").asDouble());
      if (stalled == 0 && state.equals("up")) {
        hole.stall(Direction.TO_SERVER, true);
        stalled = System.nanoTime();
      }
      if (status.path("bytes").asLong() != bytes) {
        bytes = status.path("bytes").asLong();
        takenAt = now;
      }
      if (downMs < 0 && stalled != 0 && state.equals("down")) {
        downMs = (now - stalled) / 1e6;
        lastByteMs = (now - takenAt) / 1e6;
        lastError = status.path("lastError").asText();
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return new DestinationsResult.Hole(downMs, lastByteMs, queueSeconds, lastError);
  }

  private static JsonNode hole(BenchSite site) throws InterruptedException {
    JsonNode stream = Web.json(site.worker().url() + "/v1/streams/" + ID);
    for (JsonNode destination : stream.path("destinations")) {
      if (destination.path("name").asText().equals("hole")) {
        return destination;
      }
    }
    return stream.path("none");
  }
}
