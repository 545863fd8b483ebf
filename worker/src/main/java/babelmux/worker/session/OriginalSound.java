package babelmux.worker.session;

import babelmux.media.AudioDecoder;
import babelmux.media.MediaException;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source's own sound, decoded shortly before it leaves. One thread. */
final class OriginalSound implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OriginalSound.class);
  // Far beyond full scale, and far below what an encoder refuses.
  private static final float MOST = 8f;

  private final int sampleRate;
  private final int channels;
  private final SessionListener listener;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private @Nullable AudioDecoder decoder;
  private @Nullable TrackFormat decoderFormat;

  private record Piece(long start, Sound sound) {
    long end() {
      return start + sound.frames();
    }
  }

  OriginalSound(int sampleRate, int channels, SessionListener listener) {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.listener = listener;
  }

  /**
   * Decodes a packet; it stays the caller's. One that cannot be decoded is silence, and counted.
   */
  void add(Delayed packet) {
    AudioDecoder current = decoderFor(packet.format());
    boolean decoded =
        current != null
            && current.decode(
                packet.packet(), packet.startSample(), (at, sound) -> keep(packet, at, sound));
    if (!decoded) {
      listener.dropped(DropReason.SOUND_UNDECODABLE, 1);
    }
  }

  /** The decoder of a format, or null when there is none: the stream goes on without its sound. */
  private @Nullable AudioDecoder decoderFor(TrackFormat format) {
    if (decoderFormat != format) {
      closeDecoder();
      decoderFormat = format;
      try {
        decoder = new AudioDecoder(format);
      } catch (MediaException e) {
        log.warn("the original sound cannot be heard: {}", e.getMessage());
      }
    }
    return decoder;
  }

  private void keep(Delayed packet, long at, Sound decoded) {
    try {
      Sound sound = SampleConverter.convert(decoded, sampleRate, channels);
      int from = (int) Math.max(0, Math.min(sound.frames(), packet.heardFrom() - at));
      int to = (int) Math.max(from, Math.min(sound.frames(), packet.heardTo() - at));
      if (to > from) {
        Sound heard = from == 0 && to == sound.frames() ? sound : sound.slice(from, to);
        limit(heard);
        pieces.addLast(new Piece(at + from, heard));
      }
    } catch (MediaException e) {
      listener.dropped(DropReason.SOUND_UNDECODABLE, 1);
    }
  }

  /** A broken packet may decode to anything; what is no number would end the encoder. */
  private static void limit(Sound sound) {
    for (float[] channel : sound.channels()) {
      for (int n = 0; n < channel.length; n++) {
        if (!(Math.abs(channel[n]) <= MOST)) {
          channel[n] = 0;
        }
      }
    }
  }

  /**
   * Fills {@code out[c][0..frames)} from sample {@code start} on, silence where there is none, and
   * forgets what is older.
   */
  void read(float[][] out, long start, int frames) {
    long end = start + frames;
    while (!pieces.isEmpty() && pieces.getFirst().end() <= start) {
      pieces.removeFirst();
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
    pieces.clear();
  }
}
