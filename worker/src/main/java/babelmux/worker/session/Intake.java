package babelmux.worker.session;

import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackInfo;
import babelmux.media.TrackKind;
import babelmux.worker.timeline.SampleCounter;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.StretchMap;
import babelmux.worker.timeline.Unwrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives every packet that is read its place on the session's timeline. One thread, the reader's;
 * the formats may be asked for by any.
 */
final class Intake implements AutoCloseable {
  private final SessionListener listener;
  private final StretchMap stretches = new StretchMap();
  // One for both tracks: a source has one clock, and a track that begins after the field has run
  // over continues it.
  private final Unwrapper unwrapper = new Unwrapper();
  private final Map<TrackKind, Long> lastDtsUs = new EnumMap<>(TrackKind.class);
  private final List<TrackFormat> formats = new ArrayList<>();
  private final Map<TrackKind, TrackFormat> seen = new EnumMap<>(TrackKind.class);
  private int stretch = -1;
  private volatile @Nullable SampleRate rate;
  private volatile int channels;
  private @Nullable SampleCounter counter;
  private volatile @Nullable TrackFormat video;
  private volatile @Nullable TrackFormat audio;
  private volatile @Nullable TrackInfo videoInfo;
  private volatile @Nullable TrackInfo audioInfo;

  Intake(SessionListener listener) {
    this.listener = listener;
  }

  /** What becomes of a packet. */
  record Placed(Delayed delayed, boolean newStretch) {}

  /** The latest format of the picture, this intake's; null until there is one. */
  @Nullable TrackFormat video() {
    return video;
  }

  /** The latest format of the sound, this intake's; null until there is one. */
  @Nullable TrackFormat audio() {
    return audio;
  }

  /** What the picture is; null until there is one. Any thread, also after the end. */
  @Nullable TrackInfo videoInfo() {
    return videoInfo;
  }

  /** What the sound is; null until there is one. Any thread, also after the end. */
  @Nullable TrackInfo audioInfo() {
    return audioInfo;
  }

  /**
   * The rate that the session counts its samples in: that of the first sound. Null until there is
   * one.
   */
  @Nullable SampleRate rate() {
    return rate;
  }

  /** The channels of the session's sound: those of the first sound. 0 until there is one. */
  int channels() {
    return channels;
  }

  /**
   * @param packet taken over
   * @param format the source's, not kept
   * @param elapsedUs time on the wall clock since the first packet
   * @return the packet in its place, the caller's to close; null when it cannot be used
   */
  @Nullable Placed place(Packet packet, TrackFormat format, long elapsedUs, long nowNanos) {
    TrackKind kind = packet.kind();
    long shiftUs = unwrapper.unwrap(packet.dtsUs()) - packet.dtsUs();
    StretchMap.Place place = stretches.place(kind, packet.dtsUs() + shiftUs, elapsedUs);
    if (place.newStretch()) {
      stretch++;
      if (counter != null) {
        counter.restart();
      }
    }
    long ptsUs = packet.ptsUs() + shiftUs + place.offsetUs();
    long dtsUs = packet.dtsUs() + shiftUs + place.offsetUs();
    Long last = lastDtsUs.get(kind);
    if (last != null && dtsUs <= last) {
      packet.close();
      listener.dropped(DropReason.TIME_NOT_RISING, 1);
      return null;
    }
    TrackFormat kept = keep(format, kind);
    Delayed delayed =
        kind == TrackKind.VIDEO
            ? new Delayed(packet, kept, ptsUs, dtsUs, stretch, 0, 0, 0, nowNanos)
            : sound(packet, kept, ptsUs, dtsUs, nowNanos);
    if (delayed != null) {
      lastDtsUs.put(kind, dtsUs);
    }
    return delayed == null ? null : new Placed(delayed, place.newStretch());
  }

  private @Nullable Delayed sound(
      Packet packet, TrackFormat format, long ptsUs, long dtsUs, long nowNanos) {
    SampleRate sessionRate = rate;
    if (sessionRate == null) {
      sessionRate = new SampleRate(format.sampleRate());
      channels = format.channels();
      rate = sessionRate;
    }
    SampleCounter count = counter;
    if (count == null) {
      count = new SampleCounter(sessionRate);
      counter = count;
    }
    int frames = framesOf(packet, format, sessionRate);
    SampleCounter.Place place = count.place(ptsUs, frames);
    if (place.correction() != 0) {
      listener.dropped(
          place.correction() > 0 ? DropReason.SOUND_HOLE : DropReason.SOUND_OVERLAP, 1);
    }
    int overlap = (int) Math.min(frames, Math.max(0, -place.correction()));
    int frontDrop = Math.min(frames, Math.max(packet.skipSamples(), overlap));
    int heard = Math.max(frontDrop, frames - packet.discardSamples());
    if (heard == frontDrop && overlap > 0) {
      packet.close();
      return null;
    }
    return new Delayed(
        packet, format, ptsUs, dtsUs, stretch, place.startSample(), frontDrop, heard, nowNanos);
  }

  private static int framesOf(Packet packet, TrackFormat format, SampleRate sessionRate) {
    int own =
        format.frameSamples() > 0
            ? format.frameSamples()
            : (int) new SampleRate(format.sampleRate()).samplesAt(packet.durationUs());
    return format.sampleRate() == sessionRate.hz()
        ? own
        : (int) Math.round((double) own * sessionRate.hz() / format.sampleRate());
  }

  private TrackFormat keep(TrackFormat format, TrackKind kind) {
    TrackFormat current = kind == TrackKind.VIDEO ? video : audio;
    boolean known = seen.put(kind, format) == format;
    if (current != null && (known || isSame(current, format))) {
      return current;
    }
    TrackFormat kept = format.copy();
    synchronized (formats) {
      formats.add(kept);
    }
    if (kind == TrackKind.VIDEO) {
      video = kept;
      videoInfo = kept.info();
    } else {
      audio = kept;
      audioInfo = kept.info();
    }
    return kept;
  }

  private static boolean isSame(TrackFormat a, TrackFormat b) {
    return a.width() == b.width()
        && a.height() == b.height()
        && a.sampleRate() == b.sampleRate()
        && a.channels() == b.channels()
        && a.codec().equals(b.codec())
        && Arrays.equals(a.headers(), b.headers());
  }

  /** The source was lost: whatever comes next begins a new stretch. */
  void lost() {
    stretches.interrupt();
  }

  /** Whether no packet was ever placed. */
  boolean isUnused() {
    return stretch < 0;
  }

  /** To be called when nobody holds a packet of this session any more. */
  @Override
  public void close() {
    synchronized (formats) {
      formats.forEach(TrackFormat::close);
      formats.clear();
    }
  }
}
