package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongUnaryOperator;

/**
 * A source of any length made of a few packets: real audio frames, and one keyframe at each video
 * frame's time, or one other frame where there are to be no keyframes.
 */
final class MadeSource implements AutoCloseable {
  private final int hz;
  private final int fps;
  private final List<Packet> audio;
  private final int samples;
  private final TrackFormat audioFormat;
  private final Packet keyframe;
  private final Packet other;
  private final TrackFormat videoFormat;
  private long silentFromUs = Long.MAX_VALUE;
  private long silentToUs = Long.MAX_VALUE;
  private long darkFromUs = Long.MAX_VALUE;
  private long darkToUs = Long.MAX_VALUE;
  private long keylessFromUs = Long.MAX_VALUE;
  private long keylessToUs = Long.MAX_VALUE;
  private int videoPackets;

  private MadeSource(int hz, int fps, List<Packet> audio, int samples, TrackFormat audioFormat)
      throws Exception {
    this.hz = hz;
    this.fps = fps;
    this.audio = audio;
    this.samples = samples;
    this.audioFormat = audioFormat;
    try (Source film = Source.open(DubbedFilm.noBframes().toString(), SourceOptions.defaults())) {
      keyframe = video(film, true);
      other = video(film, false);
      videoFormat = Objects.requireNonNull(film.video()).copy();
    }
  }

  private static Packet video(Source film, boolean key) throws Exception {
    Packet packet = Objects.requireNonNull(film.read());
    while (packet.kind() != TrackKind.VIDEO || packet.key() != key) {
      packet.close();
      packet = Objects.requireNonNull(film.read());
    }
    return packet;
  }

  /** AAC frames of a tone, and 25 frames of video a second. */
  static MadeSource aac(int hz, int channels) throws Exception {
    return aac(hz, channels, 96_000, 20);
  }

  /** The same with a tone that goes on without a break for so many frames. */
  static MadeSource aac(int hz, int channels, int bitRate, int count) throws Exception {
    List<Packet> frames = new ArrayList<>();
    try (AacEncoder encoder = new AacEncoder(hz, channels, bitRate)) {
      Sound tone = MixRig.tone(count * AacEncoder.FRAME_SAMPLES, hz, channels, 1000, 0.5);
      for (int n = 0; n < count; n++) {
        int at = n * AacEncoder.FRAME_SAMPLES;
        Sound frame = tone.slice(at, at + AacEncoder.FRAME_SAMPLES);
        encoder.encode(frame, at).forEach(coded -> frames.add(coded.packet()));
      }
      // The first ones are the encoder's priming.
      frames.remove(0).close();
      return new MadeSource(hz, 25, frames, AacEncoder.FRAME_SAMPLES, encoder.format().copy());
    }
  }

  /** Mono PCM of 8 bits, which costs next to nothing to decode. */
  static MadeSource pcm(int hz, int fps) throws Exception {
    ByteBuffer wav = ByteBuffer.allocate(44 + hz).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + hz);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(hz).putInt(hz);
    wav.putShort((short) 1).putShort((short) 8);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(hz);
    Arrays.fill(wav.array(), wav.position(), wav.capacity(), (byte) 128);
    Path file = Files.createTempFile("made", ".wav");
    try {
      Files.write(file, wav.array());
      try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
        Packet packet = Objects.requireNonNull(source.read());
        TrackFormat format = Objects.requireNonNull(source.audio()).copy();
        List<Packet> frames = new ArrayList<>(List.of(packet));
        return new MadeSource(hz, fps, frames, format.samplesIn(packet), format);
      }
    } finally {
      Files.delete(file);
    }
  }

  /** No audio packet between two source times. */
  MadeSource withoutAudio(long fromUs, long toUs) {
    silentFromUs = fromUs;
    silentToUs = toUs;
    return this;
  }

  /** No video packet between two source times. */
  MadeSource withoutVideo(long fromUs, long toUs) {
    darkFromUs = fromUs;
    darkToUs = toUs;
    return this;
  }

  /** No keyframe between two source times. */
  MadeSource withoutKeyframes(long fromUs, long toUs) {
    keylessFromUs = fromUs;
    keylessToUs = toUs;
    return this;
  }

  /** Sends everything of a span of time, with these times. */
  void play(PipelineRig rig, long fromUs, long toUs, LongUnaryOperator arrival) throws Exception {
    play(rig, fromUs, toUs, arrival, us -> us);
  }

  /**
   * Sends everything of a span of time.
   *
   * @param arrival when a packet of a time arrives, both microseconds from the rig's start
   * @param raw the time that a packet says, microseconds
   */
  void play(
      PipelineRig rig, long fromUs, long toUs, LongUnaryOperator arrival, LongUnaryOperator raw)
      throws Exception {
    long frame = 0;
    long picture = 0;
    while (true) {
      long audioUs = fromUs + frame * samples * 1_000_000 / hz;
      long videoUs = fromUs + picture * 1_000_000 / fps;
      boolean isVideo = videoUs <= audioUs;
      long us = isVideo ? videoUs : audioUs;
      if (us >= toUs) {
        return;
      }
      boolean sent =
          isVideo ? us < darkFromUs || us >= darkToUs : us < silentFromUs || us >= silentToUs;
      if (sent) {
        rig.arrive(
            isVideo ? videoAt(us) : audio.get((int) (frame % audio.size())),
            isVideo ? videoFormat : audioFormat,
            raw.applyAsLong(us),
            rig.startNanos + arrival.applyAsLong(us) * 1000);
        videoPackets += isVideo ? 1 : 0;
      }
      if (isVideo) {
        picture++;
      } else {
        frame++;
      }
    }
  }

  private Packet videoAt(long us) {
    return us >= keylessFromUs && us < keylessToUs ? other : keyframe;
  }

  /** How many were sent. */
  int videoPackets() {
    return videoPackets;
  }

  @Override
  public void close() {
    audio.forEach(Packet::close);
    audioFormat.close();
    keyframe.close();
    other.close();
    videoFormat.close();
  }
}
