package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.AudioResampler;
import babelmux.media.AudioStreamDecoder;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import babelmux.worker.sound.Fades;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.TimeBudget;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source's own audio, decoded shortly before it leaves. One thread. */
final class OriginalSound implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OriginalSound.class);
  // Far beyond full scale, and far below what an encoder refuses.
  private static final float MAX_SAMPLE = 8f;
  // Packets' places are rounded to samples.
  private static final int SEAM = 2;

  private final int sampleRate;
  private final int channels;
  private final int fadeSamples;
  private final SessionListener listener;
  private final SoundWatch watch;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private @Nullable AudioStreamDecoder decoder;
  private @Nullable TrackFormat decoderFormat;
  private boolean copyable;
  private @Nullable AudioResampler resampler;
  private long resampledTo;
  private boolean resampledCut;
  private long forgottenTo = Long.MIN_VALUE;

  /**
   * Audio in its place.
   *
   * @param cut whether audio in front of its first sample was dropped
   * @param packet what decodes to exactly this and could stand among packets of {@link AacEncoder};
   *     null when there is no such packet. Closed with this piece
   */
  private record Piece(long start, Sound sound, boolean cut, @Nullable Packet packet)
      implements AutoCloseable {
    long end() {
      return start + sound.frames();
    }

    @Override
    public void close() {
      if (packet != null) {
        packet.close();
      }
    }
  }

  /** Without fades where audio was lost or cut. */
  OriginalSound(int sampleRate, int channels, SessionListener listener) {
    this(sampleRate, channels, listener, 0);
  }

  /**
   * With short fades on both sides of a hole or cut, so that it is not heard as a click. What is
   * {@link #held()} must not be read before it is known what follows.
   */
  static OriginalSound faded(SampleRate rate, int channels, SessionListener listener) {
    int fade = (int) rate.samplesAt(TimeBudget.CUT_FADE_US);
    return new OriginalSound(rate.hz(), channels, listener, fade);
  }

  private OriginalSound(int sampleRate, int channels, SessionListener listener, int fadeSamples) {
    this.fadeSamples = fadeSamples;
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.listener = listener;
    this.watch = new SoundWatch(listener);
  }

  /**
   * Decodes a packet; it stays the caller's. One that cannot be decoded is silence, and counted.
   */
  void add(TimedPacket packet) {
    AudioStreamDecoder current = decoderFor(packet.format());
    boolean decoded =
        current != null
            && current.decode(
                packet.packet(), packet.startSample(), (at, sound) -> keep(packet, at, sound));
    if (!decoded) {
      listener.dropped(DropReason.SOUND_UNDECODABLE, 1);
    }
  }

  /** The decoder of a format, or null when there is none: the stream goes on without its audio. */
  private @Nullable AudioStreamDecoder decoderFor(TrackFormat format) {
    if (decoderFormat != format) {
      closeDecoder();
      decoderFormat = format;
      copyable =
          format.isPlainAacLc()
              && format.sampleRate() == sampleRate
              && format.channels() == channels;
      try {
        decoder = new AudioStreamDecoder(format);
      } catch (MediaException e) {
        log.warn("cannot decode source audio: {}", e.getMessage());
      }
    }
    return decoder;
  }

  private void keep(TimedPacket packet, long at, Sound decoded) {
    try {
      int from = ownSamples(packet.heardFrom() - at, decoded);
      int to = Math.max(from, ownSamples(packet.heardTo() - at, decoded));
      if (to > from) {
        boolean whole = from == 0 && to == decoded.frames();
        Sound heard = whole ? decoded : decoded.slice(from, to);
        boolean limited = limit(heard);
        watch.heard(heard);
        place(
            Math.max(at, packet.heardFrom()),
            SampleConverter.convert(heard, heard.sampleRate(), channels),
            at < packet.heardFrom(),
            whole && !limited && isCopyable(packet, at, heard) ? packet.packet() : null);
      }
    } catch (MediaException e) {
      listener.dropped(DropReason.SOUND_UNDECODABLE, 1);
    }
  }

  private boolean isCopyable(TimedPacket packet, long at, Sound decoded) {
    return copyable
        && !packet.packet().hasSideData()
        && at == packet.heardFrom()
        && decoded.frames() == AacEncoder.FRAME_SAMPLES
        && packet.heardTo() == at + AacEncoder.FRAME_SAMPLES
        && decoded.sampleRate() == sampleRate;
  }

  /** A number of the session's samples as the decoder counts them, within what it gave. */
  private int ownSamples(long samples, Sound decoded) {
    long own =
        decoded.sampleRate() == sampleRate
            ? samples
            : Math.round((double) samples * decoded.sampleRate() / sampleRate);
    return (int) Math.max(0, Math.min(decoded.frames(), own));
  }

  /** Audio that goes on at another rate is converted as one, so that no packet's edge is heard. */
  private void place(long at, Sound sound, boolean cut, @Nullable Packet packet)
      throws MediaException {
    AudioResampler current = resampler;
    if (current != null
        && (current.fromRate() != sound.sampleRate()
            || (cut && fadeSamples > 0)
            || Math.abs(resampledTo + current.held() - at) > SEAM)) {
      finish();
      current = null;
    }
    if (sound.sampleRate() == sampleRate) {
      pieces.addLast(new Piece(at, sound, cut, packet == null ? null : packet.share()));
      return;
    }
    if (current == null) {
      current = new AudioResampler(sound.sampleRate(), sampleRate, channels);
      resampler = current;
      resampledTo = at;
      resampledCut = cut;
    }
    keepResampled(current.push(sound));
  }

  private void keepResampled(Sound sound) {
    if (sound.frames() > 0) {
      pieces.addLast(new Piece(resampledTo, sound, resampledCut, null));
      resampledTo += sound.frames();
      resampledCut = false;
    }
  }

  /** Samples at the end of what was added that cannot be read before more is added. */
  int held() {
    return Math.max(fadeSamples, resampler == null ? 0 : resampler.held());
  }

  /** Ends the audio: its last samples can be read, too. */
  void finish() {
    AudioResampler current = resampler;
    if (current != null) {
      resampler = null;
      try (current) {
        keepResampled(current.finish());
      } catch (MediaException e) {
        log.debug("the last samples before a change", e);
      }
    }
  }

  /**
   * A broken packet may decode to anything; what is no number would end the encoder.
   *
   * @return whether anything was changed
   */
  private static boolean limit(Sound sound) {
    boolean limited = false;
    for (float[] channel : sound.channels()) {
      for (int n = 0; n < channel.length; n++) {
        if (!(Math.abs(channel[n]) <= MAX_SAMPLE)) {
          channel[n] = 0;
          limited = true;
        }
      }
    }
    return limited;
  }

  /**
   * Fills {@code out[c][0..frames)} from sample {@code start} on, silence where there is none, and
   * forgets what is older.
   *
   * @return the packet of the source that decodes to exactly this and could stand among packets of
   *     {@link AacEncoder}; null when there is none. This object's, until the next call
   */
  @Nullable Packet read(float[][] out, long start, int frames) {
    long end = start + frames;
    while (!pieces.isEmpty() && pieces.getFirst().end() <= start) {
      try (Piece old = pieces.removeFirst()) {
        forgottenTo = old.end();
      }
    }
    for (Piece piece : pieces) {
      if (piece.start() >= end) {
        break;
      }
      long from = Math.max(start, piece.start());
      int count = (int) (Math.min(end, piece.end()) - from);
      for (int c = 0; c < channels; c++) {
        System.arraycopy(
            piece.sound().channels()[c],
            (int) (from - piece.start()),
            out[c],
            (int) (from - start),
            count);
      }
    }
    boolean faded = fadeSamples > 0 && fade(out, start, end);
    Piece first = pieces.peekFirst();
    return first == null || first.start() != start || first.end() != end || faded
        ? null
        : first.packet();
  }

  /** Returns whether there was anything to fade. */
  private boolean fade(float[][] out, long start, long end) {
    boolean faded = false;
    long before = forgottenTo;
    for (Piece piece : pieces) {
      boolean joins = !piece.cut() && Math.abs(piece.start() - before) <= SEAM;
      if (before != Long.MIN_VALUE && !joins) {
        faded |= fadeOut(out, start, end, before);
        faded |= fadeIn(out, start, end, piece.start());
      }
      before = piece.end();
    }
    if (before != Long.MIN_VALUE) {
      faded |= fadeOut(out, start, end, before);
    }
    return faded;
  }

  private boolean fadeOut(float[][] out, long start, long end, long edge) {
    long from = Math.max(start, edge - fadeSamples);
    long to = Math.min(end, edge);
    for (long s = from; s < to; s++) {
      scale(out, (int) (s - start), Fades.in(edge - 1 - s, fadeSamples));
    }
    return from < to;
  }

  private boolean fadeIn(float[][] out, long start, long end, long edge) {
    long from = Math.max(start, edge);
    long to = Math.min(end, edge + fadeSamples);
    for (long s = from; s < to; s++) {
      scale(out, (int) (s - start), Fades.in(s - edge, fadeSamples));
    }
    return from < to;
  }

  private static void scale(float[][] out, int at, float gain) {
    for (float[] channel : out) {
      channel[at] *= gain;
    }
  }

  private void closeDecoder() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  @Override
  public void close() {
    closeDecoder();
    if (resampler != null) {
      resampler.close();
      resampler = null;
    }
    pieces.forEach(Piece::close);
    pieces.clear();
  }
}
