package babelmux.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a whole piece of audio from memory, believing its bytes before its label. What the
 * container says is priming or padding is dropped, and the first frame of ADTS, which says nothing
 * and is priming. Any thread; blocks for the decoding only.
 */
public final class AudioClipDecoder {
  private static final int MIN_RATE = 4_000;
  private static final int MAX_RATE = 384_000;
  // A last frame holds at most so many samples that are not the audio's.
  private static final int MAX_PADDING = 4096;

  private AudioClipDecoder() {}

  /**
   * @throws MediaException INVALID when the bytes are not audio, with what was wrong
   */
  public static Sound decode(byte[] bytes, AudioClipHint hint) throws MediaException {
    if (bytes.length == 0) {
      throw new MediaException(MediaException.Kind.INVALID, "empty audio");
    }
    AudioContainer container = AudioContainer.sniff(bytes);
    if (container != null) {
      try (ContainerReading reading = new ContainerReading(bytes, container, hint.maxFrames())) {
        return reading.decode();
      }
    }
    return switch (hint.format()) {
      case "pcm_s16le" -> raw(bytes, hint, 2);
      case "pcm_f32le" -> raw(bytes, hint, 4);
      default ->
          throw new MediaException(
              MediaException.Kind.INVALID,
              "the audio is no MP4, ADTS, WAV, MP3, Ogg or FLAC, and its label is no raw format");
    };
  }

  private static Sound raw(byte[] bytes, AudioClipHint hint, int sampleBytes)
      throws MediaException {
    int channels = hint.channels();
    if (channels < 1 || channels > 8 || hint.sampleRate() < 8000 || hint.sampleRate() > 192_000) {
      throw new MediaException(
          MediaException.Kind.INVALID,
          "raw audio with " + channels + " channels at " + hint.sampleRate() + " Hz");
    }
    if (bytes.length % (channels * sampleBytes) != 0) {
      throw new MediaException(
          MediaException.Kind.INVALID,
          bytes.length + " bytes are no whole number of " + channels + "-channel samples");
    }
    int frames = Math.min(hint.maxFrames(), bytes.length / (channels * sampleBytes));
    float[][] out = new float[channels][frames];
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < frames; n++) {
      for (int c = 0; c < channels; c++) {
        out[c][n] = sampleBytes == 2 ? in.getShort() / 32768f : in.getFloat();
      }
    }
    return finite(new Sound(out, hint.sampleRate()));
  }

  private static Sound finite(Sound sound) throws MediaException {
    for (float[] channel : sound.channels()) {
      for (float value : channel) {
        if (!Float.isFinite(value)) {
          throw new MediaException(MediaException.Kind.INVALID, "the audio has NaN samples");
        }
      }
    }
    return sound;
  }

  /** The native side of one decoding. */
  private static final class ContainerReading implements AutoCloseable {
    private final MemoryInput input;
    private final AVFormatContext demuxer;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVCodecContext decoder;
    private final int index;
    private final AudioContainer container;
    private final int maxFrames;
    // As long as the container says: one that is joined from pieces at the end would be twice in
    // memory.
    private float[][] out = {};
    // What is behind that.
    private final List<Sound> beyond = new ArrayList<>();
    private int rate;
    private int frames;

    ContainerReading(byte[] bytes, AudioContainer container, int maxFrames) throws MediaException {
      this.maxFrames = maxFrames;
      this.container = container;
      FfmpegLog.clear();
      input = new MemoryInput(bytes);
      AVFormatContext context = avformat.avformat_alloc_context();
      context.pb(input.context());
      int result =
          avformat.avformat_open_input(
              context,
              (String) null,
              avformat.av_find_input_format(container.demuxer()),
              new AVDictionary((Pointer) null));
      if (result < 0) {
        input.close();
        avcodec.av_packet_free(packet);
        avutil.av_frame_free(frame);
        throw MediaException.of("not " + container + " audio", result, MediaException.Kind.INVALID);
      }
      demuxer = context;
      AVCodecContext opened = null;
      try {
        invalid(
            avformat.avformat_find_stream_info(demuxer, (PointerPointer<?>) null),
            "unreadable audio");
        index =
            invalid(
                avformat.av_find_best_stream(
                    demuxer, avutil.AVMEDIA_TYPE_AUDIO, -1, -1, (PointerPointer<?>) null, 0),
                "no audio in " + container);
        AVCodec codec = avcodec.avcodec_find_decoder(demuxer.streams(index).codecpar().codec_id());
        opened = avcodec.avcodec_alloc_context3(codec);
        avcodec.avcodec_parameters_to_context(opened, demuxer.streams(index).codecpar());
        opened.thread_count(1);
        opened.pkt_timebase(demuxer.streams(index).time_base());
        invalid(
            avcodec.avcodec_open2(opened, codec, (PointerPointer<?>) null),
            "no decoder for the audio");
        decoder = opened;
      } catch (MediaException | RuntimeException | Error e) {
        release(opened);
        throw e;
      }
    }

    private static int invalid(int result, String what) throws MediaException {
      if (result < 0) {
        throw MediaException.of(what, result, MediaException.Kind.INVALID);
      }
      return result;
    }

    Sound decode() throws MediaException {
      while (frames < maxFrames && avformat.av_read_frame(demuxer, packet) >= 0) {
        if (packet.stream_index() == index && avcodec.avcodec_send_packet(decoder, packet) >= 0) {
          receive();
        }
        avcodec.av_packet_unref(packet);
      }
      if (frames < maxFrames) {
        avcodec.avcodec_send_packet(decoder, null);
        receive();
      }
      return joined();
    }

    private void receive() throws MediaException {
      while (avcodec.avcodec_receive_frame(decoder, frame) >= 0) {
        if (frames > 0 && frame.sample_rate() == rate && Samples.copyInto(frame, out, frames)) {
          frames += frame.nb_samples();
          avutil.av_frame_unref(frame);
          continue;
        }
        Sound piece = Samples.copyOut(frame);
        avutil.av_frame_unref(frame);
        if (piece == null) {
          throw new MediaException(
              MediaException.Kind.INVALID, "the audio has an unknown sample format");
        }
        if (piece.sampleRate() < MIN_RATE || piece.sampleRate() > MAX_RATE) {
          // A small file at 1 Hz would last for days: converted, it would fill the memory.
          throw new MediaException(
              MediaException.Kind.INVALID,
              "the audio has %d samples a second, expected %d to %d"
                  .formatted(piece.sampleRate(), MIN_RATE, MAX_RATE));
        }
        if (frames == 0) {
          rate = piece.sampleRate();
          out = new float[piece.channelCount()][told()];
        } else if (out.length != piece.channelCount() || rate != piece.sampleRate()) {
          throw new MediaException(
              MediaException.Kind.INVALID, "the audio changes its rate or channels");
        }
        add(piece);
      }
    }

    private void add(Sound piece) {
      int count = Math.max(0, Math.min(piece.frames(), out[0].length - frames));
      for (int c = 0; c < out.length; c++) {
        System.arraycopy(piece.channels()[c], 0, out[c], Math.min(frames, out[c].length), count);
      }
      if (count < piece.frames()) {
        beyond.add(count == 0 ? piece : piece.slice(count, piece.frames()));
      }
      frames += piece.frames();
    }

    private Sound joined() throws MediaException {
      if (frames == 0) {
        throw new MediaException(MediaException.Kind.INVALID, "no audio could be decoded");
      }
      dropPriming();
      int known = out[0].length;
      boolean asTold = known > 0 && frames >= known && frames - known <= MAX_PADDING;
      int length = asTold ? known : Math.min(frames, maxFrames);
      if (length != known) {
        for (int c = 0; c < out.length; c++) {
          out[c] = Arrays.copyOf(out[c], length);
        }
      }
      int at = Math.min(known, length);
      for (Sound piece : beyond) {
        int count = Math.min(piece.frames(), length - at);
        for (int c = 0; c < out.length; c++) {
          System.arraycopy(piece.channels()[c], 0, out[c], at, count);
        }
        at += count;
      }
      return finite(new Sound(out, rate));
    }

    /** ADTS does not say so, but what an encoder begins with is one frame of nothing. */
    private void dropPriming() {
      if (container == AudioContainer.ADTS && beyond.size() > 1) {
        frames -= beyond.remove(0).frames();
      }
    }

    /**
     * The length by the MP4's own account, which leaves out the padding of the last frame; 0 where
     * the container tells none.
     */
    private int told() {
      AVStream stream = demuxer.streams(index);
      if (container != AudioContainer.MP4 || stream.duration() <= 0) {
        return 0;
      }
      long told =
          avutil.av_rescale(
              stream.duration(), (long) stream.time_base().num() * rate, stream.time_base().den());
      return (int) Math.max(0, Math.min(told, maxFrames));
    }

    private void release(@Nullable AVCodecContext codec) {
      if (codec != null) {
        avcodec.avcodec_free_context(codec);
      }
      avcodec.av_packet_free(packet);
      avutil.av_frame_free(frame);
      avformat.avformat_close_input(demuxer);
      input.close();
    }

    @Override
    public void close() {
      release(decoder);
    }
  }
}
