package babelmux.worker.readback;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceDrop;
import babelmux.media.SourceListener;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads an output back as a viewer would, over RTMP, on a connection of its own. {@link #read} is
 * called once and blocks, at most {@link Limits#open} and {@link Limits#max}, and 2 s to end the
 * connection; any thread may {@link #interrupt}.
 */
public final class OutputReader {
  /**
   * The times of a reading.
   *
   * @param open what connecting may take
   * @param min how long it reads at least
   * @param max how long it reads when something does not come
   * @param allowance the time that a packet may take from us to the viewer
   */
  public record Limits(Duration open, Duration min, Duration max, Duration allowance) {
    /** For servers as they are: a keyframe every 10 s is not missed. */
    public static Limits defaults() {
      return new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(3));
    }
  }

  private final String url;
  private final Limits limits;
  private final Source.Opening opening;
  // The reading thread's own.
  private boolean reads;
  private long endNanos;
  private boolean timeIsUp;

  /**
   * @param url rtmp or rtmps, with its credentials
   */
  public OutputReader(String url, Limits limits) {
    this.url = url;
    this.limits = limits;
    this.opening =
        new Source.Opening(
            new SourceOptions(limits.open(), limits.max()),
            new SourceListener() {
              @Override
              public void dropped(SourceDrop reason) {
                endUnusable();
              }
            });
  }

  /**
   * A read does not return while all that comes is unusable, such as audio that cannot be decoded.
   */
  private void endUnusable() {
    if (reads && System.nanoTime() - endNanos >= 0) {
      timeIsUp = true;
      opening.interrupt();
    }
  }

  /** Ends the reading, and one that has not begun. Any thread. */
  public void interrupt() {
    opening.interrupt();
  }

  /**
   * Reads.
   *
   * @param sent called when we are connected: what leaves from then on
   * @param hasVideo whether the output has video
   * @param hasAudio whether it has audio
   * @return null when it says nothing: interrupted, or nothing left for the output
   */
  public @Nullable Reading read(Supplier<SentSince> sent, boolean hasVideo, boolean hasAudio) {
    try (Source source = opening.open(url)) {
      SentSince due = sent.get();
      OutputSight sight = new OutputSight();
      if (!read(source, sight, hasVideo, hasAudio)) {
        return new Reading(OutputCheck.UNREACHABLE, "the server ended the connection");
      }
      long now = System.nanoTime();
      long allowance = limits.allowance().toNanos();
      OutputCheck check =
          sight.judge(
              sight.moves(TrackKind.VIDEO) || due.isDue(TrackKind.VIDEO, now, allowance),
              sight.moves(TrackKind.AUDIO) || due.isDue(TrackKind.AUDIO, now, allowance));
      return check == null ? null : new Reading(check, null);
    } catch (MediaException e) {
      return failed(e);
    }
  }

  /** Returns false when the server ended the connection before we have read enough. */
  private boolean read(Source source, OutputSight sight, boolean hasVideo, boolean hasAudio)
      throws MediaException {
    long startNanos = System.nanoTime();
    while (true) {
      boolean complete =
          (!hasVideo || sight.moves(TrackKind.VIDEO))
              && (!hasAudio || sight.moves(TrackKind.AUDIO));
      long end = startNanos + (complete ? limits.min() : limits.max()).toNanos();
      long remainingNanos = end - System.nanoTime();
      if (remainingNanos <= 0) {
        return true;
      }
      endNanos = end;
      reads = true;
      source.limitReads(Duration.ofNanos(remainingNanos));
      try (Packet packet = source.read()) {
        if (packet == null) {
          return false;
        }
        sight.packet(packet.kind(), packet.dtsUs());
      } catch (MediaException e) {
        if (timeIsUp || e.kind() == MediaException.Kind.TIMEOUT) {
          return true;
        }
        throw e;
      }
    }
  }

  /** Judges what kept us from reading. Pure. */
  static @Nullable Reading failed(MediaException failure) {
    return switch (failure.kind()) {
      case INTERRUPTED -> null;
      case OURS -> new Reading(OutputCheck.UNKNOWN, failure.getMessage(), true);
      case REFUSED -> new Reading(OutputCheck.UNKNOWN, failure.getMessage());
      default -> new Reading(OutputCheck.UNREACHABLE, failure.getMessage());
    };
  }
}
