package babelmux.e2e;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a path that notes every packet and when it came. Begins as soon as the path is there,
 * ends with it.
 */
final class Tap {
  private static final SourceOptions OPTIONS =
      new SourceOptions(Duration.ofSeconds(5), Duration.ofSeconds(30));

  /**
   * A packet as it was read.
   *
   * @param slicesSha256 of the slices of an H.264 or HEVC packet, which no server changes; of the
   *     whole packet for everything else
   */
  record Seen(
      boolean video,
      long ptsUs,
      long dtsUs,
      boolean key,
      String sha256,
      String slicesSha256,
      long arrivalNanos) {}

  private final List<Seen> packets = new CopyOnWriteArrayList<>();
  private volatile String videoHeaders = "";

  private final @Nullable Path soundTo;
  private @Nullable Sink sound;

  private Tap(@Nullable Path soundTo) {
    this.soundTo = soundTo;
  }

  /** Starts reading; the future is completed at the end of the stream. */
  static CompletableFuture<Tap> start(Running running, String path, Executor executor) {
    return start(running, path, executor, null);
  }

  /**
   * As above.
   *
   * @param soundTo an FLV file to which the sound is written, as it is
   */
  static CompletableFuture<Tap> start(
      Running running, String path, Executor executor, @Nullable Path soundTo) {
    Tap tap = new Tap(soundTo);
    String url = running.stack().server().rtmpUrl() + "/" + path;
    return CompletableFuture.supplyAsync(
        () -> {
          running.awaitListed(path, Duration.ofSeconds(40));
          tap.read(url);
          return tap;
        },
        executor);
  }

  /** Starts reading, for as long as the path is there; its packets can be asked for meanwhile. */
  static Tap watch(Running running, String path, Executor executor) {
    Tap tap = new Tap(null);
    String url = running.stack().server().rtmpUrl() + "/" + path;
    executor.execute(
        () -> {
          running.awaitListed(path, Duration.ofSeconds(40));
          tap.read(url);
        });
    return tap;
  }

  /** Reads a path that is there to its end. */
  static Tap of(String url) {
    Tap tap = new Tap(null);
    tap.read(url);
    return tap;
  }

  /** All packets in the order in which they came. */
  List<Seen> packets() {
    return List.copyOf(packets);
  }

  List<Seen> video() {
    return packets.stream().filter(Seen::video).toList();
  }

  List<Seen> sound() {
    return packets.stream().filter(packet -> !packet.video()).toList();
  }

  /** The picture's codec headers as hexadecimal digits, empty if there was none. */
  String videoHeaders() {
    return videoHeaders;
  }

  private void read(String url) {
    try (Source source = Source.open(url, OPTIONS)) {
      for (Packet packet = source.read(); packet != null; packet = source.read()) {
        long arrival = System.nanoTime();
        try (Packet read = packet) {
          boolean video = read.kind() == TrackKind.VIDEO;
          TrackFormat format = source.video();
          String sha = sha(read);
          String slices = video && format != null ? slices(read, format, sha) : sha;
          packets.add(
              new Seen(video, read.ptsUs(), read.dtsUs(), read.key(), sha, slices, arrival));
          if (video && format != null && videoHeaders.isEmpty()) {
            videoHeaders = HexFormat.of().formatHex(format.headers());
          }
          if (!video && soundTo != null) {
            write(read, source.audio(), soundTo);
          }
        }
      }
    } catch (MediaException e) {
      // The server closes the connection of a path that ends; FFmpeg calls it an error.
      if (packets.isEmpty()) {
        throw new IllegalStateException("reading " + url, e);
      }
    } finally {
      if (sound != null) {
        sound.close();
      }
    }
  }

  private void write(Packet packet, @Nullable TrackFormat format, Path file) throws MediaException {
    Sink open = sound;
    if (open == null) {
      open = Sink.open(file.toString(), null, format, SinkOptions.defaults(), new Sink.Opening());
      sound = open;
    }
    open.write(packet, packet.ptsUs(), packet.dtsUs());
  }

  private static String slices(Packet packet, TrackFormat format, String otherwise) {
    return switch (format.codec()) {
      case "h264" -> CodedFrame.slicesSha256(packet.bytes(), false);
      case "hevc" -> CodedFrame.slicesSha256(packet.bytes(), true);
      default -> otherwise;
    };
  }

  private static String sha(Packet packet) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(packet.bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
