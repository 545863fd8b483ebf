package babelmux.media;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets to a stream or file, as they are, at the times that the caller gives. One thread
 * opens, writes and closes; any thread may {@link #interrupt()}. The container follows from the
 * URL: RTMP carries FLV, SRT carries MPEG-TS, RTSP is its own, and a file's ending tells.
 */
public final class Sink implements AutoCloseable {
  private static final AVRational MICROSECONDS = new AVRational().num(1).den(avutil.AV_TIME_BASE);

  private final String name;
  private final Interrupt interrupt;
  private final SinkOptions options;
  private final AVFormatContext context;
  private final AVPacket packet;
  private int videoIndex = -1;
  private int audioIndex = -1;
  private boolean headerWritten;
  private boolean closed;
  private final AtomicLong bytesWritten = new AtomicLong();

  private Sink(String name, SinkOptions options, Interrupt interrupt, AVFormatContext context) {
    this.name = name;
    this.options = options;
    this.interrupt = interrupt;
    this.context = context;
    this.packet = avcodec.av_packet_alloc();
    Natives.opened();
  }

  /** The container for a URL or file name. */
  static String formatOf(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("rtmp")) {
      return "flv";
    }
    if (lower.startsWith("srt:") || lower.endsWith(".ts")) {
      return "mpegts";
    }
    if (lower.startsWith("rtsp")) {
      return "rtsp";
    }
    if (lower.endsWith(".flv")) {
      return "flv";
    }
    if (lower.endsWith(".mkv")) {
      return "matroska";
    }
    return "mp4";
  }

  /** Whether this container can begin before time 0, as the priming of an AAC encoder asks for. */
  public static boolean takesNegativeTimes(String url) {
    String format = formatOf(url);
    return format.equals("mp4");
  }

  /**
   * Connects and writes the header.
   *
   * @param video the picture's format, or null for sound alone; stays the caller's
   * @param audio the sound's format, or null for the picture alone; stays the caller's
   * @param asked ends the opening from another thread, if given
   * @throws MediaException with the reason; nothing is left open then
   */
  public static Sink open(
      String url,
      @Nullable TrackFormat video,
      @Nullable TrackFormat audio,
      SinkOptions options,
      Opening asked)
      throws MediaException {
    if (video == null && audio == null) {
      throw new IllegalArgumentException("a sink needs a track");
    }
    FfmpegLog.clear();
    String name = FfmpegLog.redact(url);
    Interrupt interrupt = asked.interrupt;
    interrupt.arm(options.openLimit());
    AVFormatContext context = new AVFormatContext(null);
    int result = avformat.avformat_alloc_output_context2(context, null, formatOf(url), url);
    if (result < 0) {
      interrupt.close();
      throw MediaException.of("cannot write " + name, result);
    }
    Sink sink = new Sink(name, options, interrupt, context);
    try {
      sink.begin(url, video, audio);
      return sink;
    } catch (MediaException e) {
      sink.close();
      throw e;
    }
  }

  /** Lets another thread end an opening that has not returned yet. Used for one opening. */
  public static final class Opening {
    private final Interrupt interrupt = new Interrupt(Duration.ofSeconds(10));

    /** Ends the opening and every later write. Any thread. */
    public void interrupt() {
      interrupt.request();
    }
  }

  private void begin(String url, @Nullable TrackFormat video, @Nullable TrackFormat audio)
      throws MediaException {
    context.interrupt_callback(interrupt.structure());
    if (video != null) {
      videoIndex = addTrack(video);
    }
    if (audio != null) {
      audioIndex = addTrack(audio);
    }
    AVDictionary settings = new AVDictionary((Pointer) null);
    try {
      if (url.contains("://")) {
        long limitUs = options.writeLimit().toNanos() / 1000;
        avutil.av_dict_set(settings, "rw_timeout", Long.toString(limitUs), 0);
        avutil.av_dict_set(settings, "tcp_nodelay", "1", 0);
      }
      if ((context.oformat().flags() & avformat.AVFMT_NOFILE) == 0) {
        AVIOContext io = new AVIOContext(null);
        int result =
            avformat.avio_open2(io, url, avformat.AVIO_FLAG_WRITE, interrupt.structure(), settings);
        if (result < 0) {
          throw interrupt.explain("cannot open " + name, result);
        }
        context.pb(io);
      }
      if (formatOf(url).equals("flv")) {
        avutil.av_dict_set(settings, "flvflags", "no_duration_filesize", 0);
      }
      int result = avformat.avformat_write_header(context, settings);
      if (result < 0) {
        throw interrupt.explain("cannot begin " + name, result);
      }
      flush();
      headerWritten = true;
    } finally {
      avutil.av_dict_free(settings);
    }
  }

  private int addTrack(TrackFormat format) {
    AVStream stream = avformat.avformat_new_stream(context, null);
    avcodec.avcodec_parameters_copy(stream.codecpar(), format.parameters());
    stream.codecpar().codec_tag(0);
    if (format.kind() == TrackKind.AUDIO) {
      stream.time_base().num(1).den(format.sampleRate());
    } else {
      stream.time_base().num(1).den(90_000);
    }
    return stream.index();
  }

  /**
   * Writes one packet. Its track's times must rise from call to call.
   *
   * @param source stays the caller's
   * @param ptsUs presentation time of the output, microseconds
   * @param dtsUs decoding time of the output, microseconds
   * @throws MediaException TIMEOUT when the other side does not take it within the write limit
   */
  public void write(Packet source, long ptsUs, long dtsUs) throws MediaException {
    int index = source.kind() == TrackKind.VIDEO ? videoIndex : audioIndex;
    if (index < 0) {
      return;
    }
    MediaException.check(avcodec.av_packet_ref(packet, source.avPacket()), "sharing a packet");
    AVRational timeBase = context.streams(index).time_base();
    packet.stream_index(index);
    packet.pos(-1);
    packet.pts(avutil.av_rescale_q(ptsUs, MICROSECONDS, timeBase));
    packet.dts(avutil.av_rescale_q(dtsUs, MICROSECONDS, timeBase));
    packet.duration(avutil.av_rescale_q(source.durationUs(), MICROSECONDS, timeBase));
    int size = packet.size();
    interrupt.arm(options.writeLimit());
    int result = avformat.av_write_frame(context, packet);
    avcodec.av_packet_unref(packet);
    if (result < 0) {
      throw interrupt.explain("writing to " + name, result);
    }
    flush();
    bytesWritten.addAndGet(size);
  }

  private void flush() throws MediaException {
    AVIOContext io = context.pb();
    if (io != null && !io.isNull()) {
      avformat.avio_flush(io);
      if (io.error() < 0) {
        throw interrupt.explain("writing to " + name, io.error());
      }
    }
  }

  /** The URL without secrets, for messages. */
  public String name() {
    return name;
  }

  /** Payload bytes taken so far. Any thread. */
  public long bytesWritten() {
    return bytesWritten.get();
  }

  /** Ends the call that runs now and every later one. Any thread. */
  public void interrupt() {
    interrupt.request();
  }

  /**
   * Writes what the container needs at its end; without it an MP4 file cannot be played. To be
   * followed by close.
   *
   * @throws MediaException when the end could not be written
   */
  public void finish() throws MediaException {
    if (!headerWritten) {
      return;
    }
    headerWritten = false;
    interrupt.arm(options.writeLimit());
    int result = avformat.av_write_trailer(context);
    if (result < 0) {
      throw interrupt.explain("ending " + name, result);
    }
    flush();
  }

  /** Closes, within two seconds. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    interrupt.arm(Duration.ofSeconds(2));
    AVIOContext io = context.pb();
    if ((context.oformat().flags() & avformat.AVFMT_NOFILE) == 0 && io != null && !io.isNull()) {
      avformat.avio_closep(io);
      context.pb(null);
    }
    avformat.avformat_free_context(context);
    interrupt.close();
    avcodec.av_packet_free(packet);
    Natives.closed();
  }
}
