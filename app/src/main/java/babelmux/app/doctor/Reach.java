package babelmux.app.doctor;

import babelmux.media.Secrets;
import babelmux.worker.config.InputUrlTemplate;
import babelmux.worker.config.OutputUrlTemplate;
import babelmux.worker.config.ServerUrl;
import babelmux.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks whether the servers and folders that media goes through can be reached. */
final class Reach {
  private static final int LIMIT_MILLIS = 3_000;

  private Reach() {}

  static Finding rtmp(ServerUrl url) {
    return tcp(
        Code.RTMP_UNREACHABLE,
        Code.RTMP_UNREACHABLE.subject(),
        URI.create(url.base()),
        url.toString());
  }

  /** Where streams are read, unless that is MediaMTX's RTMP address. */
  static Optional<Finding> input(WorkerConfig config, String path, String id) {
    InputUrlTemplate template = config.input().urlTemplate();
    if (template.isOnRtmpServer()) {
      return Optional.empty();
    }
    String subject = Code.INPUT_UNREACHABLE.subject();
    return Optional.of(
        url(
            Code.INPUT_UNREACHABLE,
            subject,
            template.resolve(config.mediaMtx().rtmpUrl(), path, id),
            template.toString()));
  }

  /**
   * A destination beside the stream's output.
   *
   * @param name of the destination
   */
  static Finding destination(
      WorkerConfig config, String name, OutputUrlTemplate template, String id) {
    String url = template.resolve(config.mediaMtx().rtmpUrl(), id, config.languages());
    String shown = "%s, %s".formatted(name, Secrets.maskKey(Secrets.maskUrl(url)));
    return url(Code.DESTINATION_UNREACHABLE, Code.DESTINATION_UNREACHABLE.subject(), url, shown);
  }

  private static Finding url(Code unreachable, String subject, String url, String shown) {
    if (url.startsWith("file:")) {
      Path folder = Path.of(url.replaceFirst("^file:(//)?", "")).toAbsolutePath().getParent();
      return folder == null ? Finding.unknown(subject, shown) : folder(folder, shown);
    }
    if (url.startsWith("srt:")) {
      return Finding.unknown(subject, shown + " is not tried: SRT is UDP");
    }
    try {
      return tcp(unreachable, subject, URI.create(url.replaceFirst("\\?.*", "")), shown);
    } catch (IllegalArgumentException e) {
      return Finding.unknown(subject, shown + " is not tried");
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

  private static Finding tcp(Code unreachable, String subject, URI uri, String shown) {
    if (uri.getHost() == null) {
      return Finding.unknown(subject, shown + " is not tried");
    }
    int port = uri.getPort() > 0 ? uri.getPort() : usualPort(uri.getScheme());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), port), LIMIT_MILLIS);
      return Finding.ok(subject, shown + " accepts connections");
    } catch (UnknownHostException e) {
      return Finding.of(unreachable, "%s: no such host".formatted(shown));
    } catch (IOException e) {
      return Finding.of(unreachable, "%s does not answer (%s)".formatted(shown, e.getMessage()));
    }
  }

  private static int usualPort(String scheme) {
    return switch (scheme) {
      case "rtmps" -> 443;
      case "rtsp" -> 554;
      default -> 1935;
    };
  }
}
