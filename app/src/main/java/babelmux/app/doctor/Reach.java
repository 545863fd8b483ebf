package babelmux.app.doctor;

import babelmux.worker.config.InputUrlTemplate;
import babelmux.worker.config.OutputUrlTemplate;
import babelmux.worker.config.ServerUrl;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.hosts.StandardPorts;
import babelmux.worker.output.DestinationTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks whether the servers and folders that media goes through can be reached. */
final class Reach {
  private static final int LIMIT_MILLIS = 3_000;
  private static final int RTMP_PORT = 1935;

  private Reach() {}

  static Finding rtmp(ServerUrl url) {
    return tcp(Code.RTMP_UNREACHABLE, URI.create(url.base()), url.toString());
  }

  /** Where streams are read, which is not MediaMTX's RTMP address. */
  static Finding input(WorkerConfig config, String path, String id) {
    InputUrlTemplate template = config.input().urlTemplate();
    return url(
        Code.INPUT_UNREACHABLE,
        template.resolve(config.mediaMtx().rtmpUrl(), path, id),
        template.toString());
  }

  /**
   * A destination beside the stream's output.
   *
   * @param name of the destination
   */
  static Finding destination(
      WorkerConfig config, String name, OutputUrlTemplate template, String id) {
    String url = template.resolve(config.mediaMtx().rtmpUrl(), id, config.languages());
    DestinationTarget target = DestinationTarget.at(url);
    String shown = "%s, %s".formatted(name, target);
    Path file = target.file();
    if (file == null) {
      return url(Code.DESTINATION_UNREACHABLE, url, shown);
    }
    Path folder = file.toAbsolutePath().getParent();
    return folder == null
        ? Finding.unknown(Code.DESTINATION_UNREACHABLE.subject(), shown)
        : folder(folder, shown);
  }

  private static Finding url(Code unreachable, String url, String shown) {
    if (url.startsWith("srt:")) {
      return Finding.unknown(unreachable.subject(), shown + " is not tried: SRT is UDP");
    }
    try {
      return tcp(unreachable, URI.create(url.replaceFirst("\\?.*", "")), shown);
    } catch (IllegalArgumentException e) {
      return Finding.unknown(unreachable.subject(), shown + " is not tried");
    }
  }

  /**
   * @param what whose it is
   */
  static Finding folder(Path folder, String what) {
    Path there = folder;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return Files.isDirectory(there) && Files.isWritable(there)
        ? Finding.ok(Code.FOLDER.subject(), what + " can be written")
        : Finding.of(Code.FOLDER, "%s: %s cannot be written".formatted(what, there));
  }

  private static Finding tcp(Code unreachable, URI uri, String shown) {
    if (uri.getHost() == null) {
      return Finding.unknown(unreachable.subject(), shown + " is not tried");
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), port(uri)), LIMIT_MILLIS);
      return Finding.ok(unreachable.subject(), shown + " accepts connections");
    } catch (UnknownHostException e) {
      return Finding.of(unreachable, "%s: no such host".formatted(shown));
    } catch (IOException e) {
      return Finding.of(unreachable, "%s does not answer (%s)".formatted(shown, e.getMessage()));
    }
  }

  /** The port of a URL; its scheme's own where it has none. */
  static int port(URI uri) {
    return uri.getPort() > 0
        ? uri.getPort()
        : StandardPorts.of(String.valueOf(uri.getScheme())).orElse(RTMP_PORT);
  }
}
