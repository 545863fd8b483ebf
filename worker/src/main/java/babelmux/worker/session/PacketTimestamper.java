package babelmux.worker.session;

import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackInfo;
import babelmux.media.TrackKind;
import babelmux.worker.timeline.SampleCounter;
import babelmux.worker.timeline.TimestampRebaser;
import babelmux.worker.timeline.Unwrapper;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives every packet that is read its place on the session's timeline. One thread, the reader's;
 * the formats may be asked for by any.
 */
final class PacketTimestamper implements AutoCloseable {
  private final SessionListener listener;
  private final TimestampRebaser rebaser;
  // One for both tracks: a source has one clock, and a track that begins after the field has run
  // over continues it.
  private final Unwrapper unwrapper = new Unwrapper();
  private final List<TrackFormat> formats = new ArrayList<>();
  private final Map<TrackKind, TrackFormat> seen = new EnumMap<>(TrackKind.class);
  private long lastAudioUs = Long.MIN_VALUE;
  private int run = -1;
  private int placedRun = -1;
  private volatile @Nullable SoundShape shape;
  private @Nullable SampleCounter counter;
  private volatile @Nullable TrackFormat video;
  private volatile @Nullable TrackFormat audio;
  private volatile @Nullable TrackInfo videoInfo;
  private volatile @Nullable TrackInfo audioInfo;

  /**
   * @param latestUs how late a source that comes back may be and still go on where it would have
   *     been; 0: never
   */
  PacketTimestamper(SessionListener listener, long latestUs) {
    this.listener = listener;
    this.rebaser = new TimestampRebaser(latestUs);
  }

  /** A packet at its place, and whether a contiguous run begins with it. */
  record Placed(TimedPacket packet, boolean newRun) {}

  /** The latest format of the video, this timestamper's; null until there is one. */
  @Nullable TrackFormat video() {
    return video;
  }

  /** The latest format of the audio, this timestamper's; null until there is one. */
  @Nullable TrackFormat audio() {
    return audio;
  }

  /** The description of the video; null until there is one. Any thread, also after the end. */
  @Nullable TrackInfo videoInfo() {
    return videoInfo;
  }

  /** The description of the audio; null until there is one. Any thread, also after the end. */
  @Nullable TrackInfo audioInfo() {
    return audioInfo;
  }

  /** The shape of the session's audio: that of the first audio. Null until there is one. */
  @Nullable SoundShape shape() {
    return shape;
  }

  /**
   * @param packet ownership passes to this method
   * @param format the source's, not kept
   * @param elapsedUs time on the wall clock since the first packet
   * @return the packet in its place, the caller's to close; null when it cannot be used
   */
  @Nullable Placed place(Packet packet, TrackFormat format, long elapsedUs, long nowNanos) {
    TrackKind kind = packet.kind();
    long shiftUs = unwrapper.unwrap(packet.dtsUs()) - packet.dtsUs();
    TimestampRebaser.Place place = rebaser.place(kind, packet.dtsUs() + shiftUs, elapsedUs);
    if (place.newRun()) {
      run++;
      if (counter != null) {
        counter.restart();
      }
    }
    long sourcePtsUs = packet.ptsUs() + shiftUs;
    long ptsUs = sourcePtsUs + place.offsetUs();
    long dtsUs = packet.dtsUs() + shiftUs + place.offsetUs();
    // A video DTS that does not rise is made to fit in the delay line; audio has no order but its
    // time.
    if (kind == TrackKind.AUDIO && dtsUs <= lastAudioUs) {
      packet.close();
      listener.dropped(DropReason.TIME_NOT_RISING, 1);
      return null;
    }
    TrackFormat kept = keep(format, kind);
    TimedPacket timed =
        kind == TrackKind.VIDEO
            ? new TimedPacket(packet, kept, ptsUs, dtsUs, sourcePtsUs, run, 0, 0, 0, nowNanos)
            : audio(packet, kept, ptsUs, dtsUs, sourcePtsUs, nowNanos);
    if (timed == null) {
      return null;
    }
    if (kind == TrackKind.AUDIO) {
      lastAudioUs = dtsUs;
    }
    boolean newRun = run != placedRun;
    placedRun = run;
    return new Placed(timed, newRun);
  }

  private @Nullable TimedPacket audio(
      Packet packet, TrackFormat format, long ptsUs, long dtsUs, long sourcePtsUs, long nowNanos) {
    SoundShape session = shape;
    if (session == null) {
      session = SoundShape.of(format);
      shape = session;
    }
    SampleCounter count = counter;
    if (count == null) {
      count = new SampleCounter(session.rate());
      counter = count;
    }
    SampleCounter.Place place = count.place(ptsUs, format.samplesIn(packet), format.sampleRate());
    if (place.correction() != 0) {
      listener.dropped(
          place.correction() > 0 ? DropReason.SOUND_HOLE : DropReason.SOUND_OVERLAP, 1);
    }
    int frames = (int) (count.next() - place.startSample());
    int overlap = (int) Math.min(frames, Math.max(0, -place.correction()));
    int frontDrop = Math.min(frames, Math.max(inSession(packet.skipSamples(), format), overlap));
    int heard = Math.max(frontDrop, frames - inSession(packet.discardSamples(), format));
    if (heard == frontDrop && overlap > 0) {
      packet.close();
      return null;
    }
    return new TimedPacket(
        packet,
        format,
        ptsUs,
        dtsUs,
        sourcePtsUs,
        run,
        place.startSample(),
        frontDrop,
        heard,
        nowNanos);
  }

  private int inSession(int samples, TrackFormat format) {
    SoundShape session = shape;
    return session == null || session.rate().hz() == format.sampleRate()
        ? samples
        : (int) Math.round((double) samples * session.rate().hz() / format.sampleRate());
  }

  private TrackFormat keep(TrackFormat format, TrackKind kind) {
    TrackFormat current = kind == TrackKind.VIDEO ? video : audio;
    boolean known = seen.put(kind, format) == format;
    if (current != null && (known || current.isSameAs(format))) {
      return current;
    }
    TrackFormat kept = kept(format);
    if (kind == TrackKind.VIDEO) {
      video = kept;
      videoInfo = kept.info();
    } else {
      audio = kept;
      audioInfo = kept.info();
    }
    return kept;
  }

  /** The copy of a format that is there already, or a new one: a source may alternate for hours. */
  private TrackFormat kept(TrackFormat format) {
    synchronized (formats) {
      for (TrackFormat before : formats) {
        if (before.kind() == format.kind() && before.isSameAs(format)) {
          return before;
        }
      }
      TrackFormat copy = format.copy();
      formats.add(copy);
      return copy;
    }
  }

  /** The number of formats that are kept. */
  int formatCount() {
    synchronized (formats) {
      return formats.size();
    }
  }

  /** The source was lost: whatever comes next begins a new run. */
  void lost() {
    rebaser.interrupt();
  }

  /** Returns whether no packet was ever placed. */
  boolean isUnused() {
    return run < 0;
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
