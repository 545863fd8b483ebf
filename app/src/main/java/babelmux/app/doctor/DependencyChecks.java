package babelmux.app.doctor;

import babelmux.hooks.ControlApiClient;
import babelmux.hooks.ControlApiException;
import babelmux.hooks.ListedConnection;
import babelmux.hooks.ListedPath;
import babelmux.hooks.ServerInfo;
import babelmux.worker.config.InputUrlTemplate;
import babelmux.worker.config.MediaMtxConfig;
import babelmux.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what the worker talks to: MediaMTX and the STS. Blocks, some seconds at most for each.
 */
final class DependencyChecks {

  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final WorkerConfig config;

  DependencyChecks(WorkerConfig config) {
    this.config = config;
  }

  List<Finding> look() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.add(rtmp(config.mediaMtx()));
    input().ifPresent(findings::add);
    findings.addAll(api(config.mediaMtx()));
    findings.addAll(new StsProbe(config).look());
    return findings;
  }

  private static Finding rtmp(MediaMtxConfig mediaMtx) {
    return tcp(
        Code.RTMP_UNREACHABLE,
        URI.create(mediaMtx.rtmpUrl().base()),
        mediaMtx.rtmpUrl().toString());
  }

  /** Where streams are read, unless that is MediaMTX's RTMP address. */
  private Optional<Finding> input() {
    InputUrlTemplate template = config.input().urlTemplate();
    if (template.isOnRtmpServer()) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = URI.create(template.resolve(config.mediaMtx().rtmpUrl(), "live/doctor/in", "doctor"));
    } catch (IllegalArgumentException e) {
      return Optional.of(Finding.unknown("input", template + " is not checked"));
    }
    if (uri.getHost() == null || uri.getScheme().equals("srt")) {
      return Optional.of(Finding.unknown("input", template + " is not checked: SRT is UDP"));
    }
    return Optional.of(tcp(Code.INPUT_UNREACHABLE, uri, template.toString()));
  }

  private static Finding tcp(Code unreachable, URI uri, String shown) {
    int port = uri.getPort() > 0 ? uri.getPort() : usualPort(uri.getScheme());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), port), (int) LIMIT.toMillis());
      return Finding.ok(unreachable.subject(), shown + " accepts connections");
    } catch (IOException e) {
      return Finding.of(unreachable, "%s does not answer (%s)".formatted(shown, e.getMessage()));
    }
  }

  private static int usualPort(String scheme) {
    return switch (scheme) {
      case "rtmps" -> 1936;
      case "rtsp" -> 554;
      default -> 1935;
    };
  }

  private List<Finding> api(MediaMtxConfig mediaMtx) throws InterruptedException {
    try (ControlApiClient api = new ControlApiClient(mediaMtx.apiUrl().toUri(), LIMIT, LIMIT)) {
      String version = api.info().map(ServerInfo::version).orElse("of an unknown version");
      List<Finding> findings = new ArrayList<>();
      findings.add(Finding.ok("control api", mediaMtx.apiUrl() + " answers, MediaMTX " + version));
      findings.add(inputs(api));
      return findings;
    } catch (ControlApiException e) {
      return List.of(Finding.of(Code.API_UNREACHABLE, String.valueOf(e.getMessage())));
    }
  }

  /** Tells "publisher connected, path not ready yet" from "nobody". */
  private Finding inputs(ControlApiClient api) throws ControlApiException, InterruptedException {
    List<String> ready =
        api.paths().paths().stream()
            .filter(ListedPath::ready)
            .map(ListedPath::name)
            .filter(name -> config.input().pathPattern().matcher(name).matches())
            .toList();
    if (!ready.isEmpty()) {
      return Finding.ok("inputs", String.join(", ", ready));
    }
    boolean analysed =
        api.rtmpConnections().stream()
            .map(ListedConnection::state)
            .anyMatch(state -> state.equals("idle"));
    return Finding.ok(
        "inputs",
        analysed
            ? "a publisher is connected, its path is not ready yet (the first 2 s are analysed)"
            : "nobody publishes on " + config.input().pathPattern());
  }
}
