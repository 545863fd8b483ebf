package babelmux.media;

import java.time.Duration;
import java.util.List;
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
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets to a stream or file, as they are, at the times that the caller gives. One thread
 * opens, writes and closes; any thread may {@link #interrupt()}. The container follows from the
 * URL: RTMP carries FLV, SRT carries MPEG-TS, RTSP is its own, and a file's ending tells.
 */
public final class Sink implements AutoCloseable {
  private static final AVRational MICROSECONDS = new AVRational().num(1).den(avutil.AV_TIME_BASE);

  // The system counts its own share, too: 256 KiB.
  private static final int SOCKET_BYTES = 128 << 10;

  // A PTS moves by less than a millisecond, or its packet is dropped: FLV knows nothing finer.
  private static final int MAX_SHIFTS_PER_SECOND = 1000;

  private final String name;
  private final Interrupt interrupt;
  private final SinkOptions options;
  private final AVFormatContext context;
  private final AVPacket packet;
  private @Nullable Track video;
  private @Nullable Track audio;
  private @Nullable String lastRefusal;
  private byte @Nullable [] newVideoHeaders;
  private byte @Nullable [] metadata;
  private boolean rtmp;
  private boolean isFragmented;
  private boolean hasUnsent;
  private boolean headerWritten;
  private boolean closed;
  private long goodBytes;
  private final AtomicLong bytesWritten = new AtomicLong();

  /**
   * One track of the container.
   *
   * @param timeBase the container's, a view of its memory
   * @param held of a file in fragments; null of all else
   */
  private record Track(int index, AVRational timeBase, MuxTimes times, @Nullable HeldPacket held) {}

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

  /**
   * Returns whether this container can begin before time 0, as the priming of an AAC encoder asks
   * for.
   */
  public static boolean takesNegativeTimes(String url) {
    String format = formatOf(url);
    return format.equals("mp4");
  }

  /** As {@link #open(SinkAddress, TrackFormat, TrackFormat, SinkOptions, Opening)}. */
  public static Sink open(
      String url,
      @Nullable TrackFormat video,
      @Nullable TrackFormat audio,
      SinkOptions options,
      Opening asked)
      throws MediaException {
    return open(SinkAddress.of(url), video, audio, options, asked);
  }

  /**
   * Connects and writes the header.
   *
   * @param video the video's format, or null for audio alone; stays the caller's
   * @param audio the audio's format, or null for the video alone; stays the caller's
   * @param asked ends the opening from another thread, if given
   * @throws MediaException with the reason; nothing is left open then
   */
  public static Sink open(
      SinkAddress address,
      @Nullable TrackFormat video,
      @Nullable TrackFormat audio,
      SinkOptions options,
      Opening asked)
      throws MediaException {
    if (video == null && audio == null) {
      throw new IllegalArgumentException("a sink needs a track");
    }
    FfmpegLog.clear();
    FfmpegLog.hide(address.secrets());
    String url = address.url();
    String name = address.name();
    Interrupt interrupt = asked.interrupt;
    interrupt.arm(options.openLimit());
    AVFormatContext context = new AVFormatContext(null);
    int result = avformat.avformat_alloc_output_context2(context, null, formatOf(url), url);
    if (result < 0) {
      interrupt.close();
      throw MediaException.of("cannot write " + name, result);
    }
    Sink sink = new Sink(name, options, interrupt, context);
    boolean opened = false;
    try {
      sink.begin(address, video, audio);
      opened = true;
      return sink;
    } finally {
      if (!opened) {
        sink.close();
      }
    }
  }

  /**
   * Lets another thread end an opening that has not returned yet. Used for one opening; the sink
   * closes what is FFmpeg's of it, or whoever made it when nothing is opened. Whoever lets the
   * bytes go through a {@link Line} closes it behind the sink.
   */
  public static final class Opening implements AutoCloseable {
    private final Interrupt interrupt = new Interrupt(Duration.ofSeconds(10));
    private @Nullable Line line;
    private boolean interrupted;

    /** What a sink's bytes go through beyond FFmpeg. */
    public interface Line {
      /** Ends it at once. Any thread; does not block. */
      void cut();

      /** Ends it in order, within some seconds. The thread of the sink. */
      void close();
    }

    /** Ends the opening and every later write. Any thread. */
    public void interrupt() {
      interrupt.request();
      synchronized (this) {
        interrupted = true;
        if (line != null) {
          line.cut();
        }
      }
    }

    /** The sink's bytes go through this, which ends with the sink. Once, before it is opened. */
    public synchronized void through(Line used) {
      line = used;
      if (interrupted) {
        used.cut();
      }
    }

    @Override
    public void close() {
      interrupt.close();
      Line used;
      synchronized (this) {
        used = line;
      }
      if (used != null) {
        used.close();
      }
    }
  }

  private void begin(SinkAddress address, @Nullable TrackFormat video, @Nullable TrackFormat audio)
      throws MediaException {
    String url = address.url();
    context.interrupt_callback(interrupt.structure());
    int videoIndex = video == null ? -1 : addTrack(video);
    int audioIndex = audio == null ? -1 : addTrack(audio);
    AVDictionary settings = new AVDictionary((Pointer) null);
    try {
      address.options().forEach((key, value) -> avutil.av_dict_set(settings, key, value, 0));
      if (url.contains("://")) {
        long limitUs = options.writeLimit().toNanos() / 1000;
        avutil.av_dict_set(settings, "rw_timeout", Long.toString(limitUs), 0);
        avutil.av_dict_set(settings, "tcp_nodelay", options.gathers() ? "0" : "1", 0);
        if (url.toLowerCase(Locale.ROOT).startsWith("rtmp")) {
          // The system would let megabytes wait there, and take a dead server for a live one.
          avutil.av_dict_set(
              settings,
              "send_buffer_size",
              Integer.toString(SOCKET_BYTES),
              avutil.AV_DICT_DONT_OVERWRITE);
        }
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
      Duration fragment = options.fragment();
      isFragmented = fragment != null && formatOf(url).equals("mp4");
      if (isFragmented && fragment != null) {
        // With delay_moov the header comes with the first fragment and says when each track begins;
        // a header that is written before knows no times, and would let both begin at 0.
        avutil.av_dict_set(settings, "movflags", "delay_moov+default_base_moof", 0);
        // In which the header counts the beginnings; a millisecond would be too coarse.
        avutil.av_dict_set(settings, "movie_timescale", "90000", 0);
        long fragmentUs = fragment.toNanos() / 1000;
        avutil.av_dict_set(settings, "frag_duration", Long.toString(fragmentUs), 0);
      }
      if (options.gathers()) {
        context.flush_packets(0);
      }
      int result = avformat.avformat_write_header(context, settings);
      if (result < 0) {
        throw interrupt.explain("cannot begin " + name, result);
      }
      flushNow();
      headerWritten = true;
      rtmp = url.toLowerCase(Locale.ROOT).startsWith("rtmp");
    } finally {
      avutil.av_dict_free(settings);
    }
    this.video = track(videoIndex);
    this.audio = track(audioIndex);
  }

  /** The header is written: only now the muxer's time bases are known. */
  private @Nullable Track track(int index) {
    if (index < 0) {
      return null;
    }
    AVRational timeBase = context.streams(index).time_base();
    boolean strict = (context.oformat().flags() & avformat.AVFMT_TS_NONSTRICT) == 0;
    long maxShift = Math.max(1, timeBase.den() / timeBase.num() / (long) MAX_SHIFTS_PER_SECOND);
    return new Track(
        index, timeBase, new MuxTimes(strict, maxShift), isFragmented ? new HeldPacket() : null);
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
   * Writes one packet. Its timestamps are fitted to the container: DTS is lowered to PTS, and
   * raised above the DTS before where the container wants that. A packet that the muxer refuses all
   * the same is dropped, and the sink goes on.
   *
   * @param source stays the caller's
   * @param ptsUs presentation time of the output, microseconds
   * @param dtsUs decoding time of the output, microseconds
   * @return false when the packet was dropped: {@link #lastRefusal()} says why
   * @throws MediaException when the connection or file is broken; TIMEOUT when the other side does
   *     not take the packet within the write limit
   */
  public boolean write(Packet source, long ptsUs, long dtsUs) throws MediaException {
    Track track = source.kind() == TrackKind.VIDEO ? video : audio;
    if (track == null) {
      lastRefusal = "the container has no " + source.kind().name().toLowerCase(Locale.ROOT);
      return false;
    }
    AVRational timeBase = track.timeBase();
    MuxTimes.Times times =
        track
            .times()
            .fit(
                avutil.av_rescale_q(ptsUs, MICROSECONDS, timeBase),
                avutil.av_rescale_q(dtsUs, MICROSECONDS, timeBase));
    if (times == null) {
      lastRefusal = "PTS below the DTS before: PTS %d us, DTS %d us".formatted(ptsUs, dtsUs);
      return false;
    }
    MediaException.check(avcodec.av_packet_ref(packet, source.avPacket()), "sharing a packet");
    packet.stream_index(track.index());
    packet.pos(-1);
    packet.pts(times.pts());
    packet.dts(times.dts());
    packet.duration(avutil.av_rescale_q(source.durationUs(), MICROSECONDS, timeBase));
    int size = packet.size();
    if (source.kind() == TrackKind.VIDEO) {
      attachNewHeaders();
    }
    HeldPacket held = track.held();
    boolean written = (held != null && !held.exchange(packet)) || writeFrame();
    if (written) {
      bytesWritten.addAndGet(size);
    }
    return written;
  }

  /** Writes what {@link #packet} holds, and empties it. */
  private boolean writeFrame() throws MediaException {
    interrupt.arm(options.writeLimit());
    int result = avformat.av_write_frame(context, packet);
    avcodec.av_packet_unref(packet);
    if (result < 0) {
      MediaException failure = interrupt.explain("writing to " + name, result);
      if (interrupt.hasEnded() || !MediaException.isOfPacket(result) || ioFailed()) {
        throw failure;
      }
      lastRefusal = failure.getMessage();
      return false;
    }
    if (options.gathers()) {
      hasUnsent = true;
    } else {
      flushNow();
    }
    return true;
  }

  /**
   * Sends what waits in the sink, of one that {@link SinkOptions#gathers}. Does nothing where
   * nothing waits.
   *
   * @throws MediaException when the connection or file is broken
   */
  public void flush() throws MediaException {
    if (hasUnsent) {
      interrupt.arm(options.writeLimit());
      flushNow();
    }
  }

  /** The reason that the last dropped packet could not be written; null when none was. */
  public @Nullable String lastRefusal() {
    return lastRefusal;
  }

  /**
   * Sends something to an RTMP server that viewers do not see: the metadata of the beginning, at
   * time 0, as players that read it again expect. For a server that disconnects a publisher from
   * which nothing comes. Does nothing to other containers.
   *
   * @throws MediaException when the connection is broken
   */
  public void keepAlive() throws MediaException {
    if (!rtmp) {
      return;
    }
    byte[] tag = metadataTag();
    interrupt.arm(options.writeLimit());
    // The muxer writes whole tags, so a tag of ours fits between any two of them.
    avformat.avio_write(context.pb(), tag, tag.length);
    flushNow();
  }

  /** The FLV tag with the metadata of the beginning. */
  byte[] metadataTag() throws MediaException {
    byte[] tag = metadata;
    if (tag == null) {
      tag = FlvMetadata.tagOf(context);
      metadata = tag;
    }
    return tag;
  }

  private boolean ioFailed() {
    AVIOContext io = context.pb();
    return io != null && !io.isNull() && io.error() < 0;
  }

  private void flushNow() throws MediaException {
    hasUnsent = false;
    AVIOContext io = context.pb();
    if (io != null && !io.isNull()) {
      avformat.avio_flush(io);
      if (io.error() < 0) {
        throw interrupt.explain("writing to " + name, io.error());
      }
      goodBytes = io.pos();
    }
  }

  /**
   * Returns whether a video track that goes on with other codec headers or another size can stay in
   * the same connection or file.
   */
  public static boolean takesNewHeaders(String url) {
    return formatOf(url).equals("flv");
  }

  /**
   * The video goes on with these codec headers: they are written in front of its next packet.
   *
   * @param next of the same codec; stays the caller's
   */
  public void changeVideo(TrackFormat next) {
    newVideoHeaders = next.headers();
  }

  /** Puts the new codec headers beside a packet: the muxer writes them before it. */
  private void attachNewHeaders() throws MediaException {
    byte[] headers = newVideoHeaders;
    newVideoHeaders = null;
    if (headers == null || headers.length == 0) {
      return;
    }
    BytePointer data =
        avcodec.av_packet_new_side_data(packet, avcodec.AV_PKT_DATA_NEW_EXTRADATA, headers.length);
    if (data == null || data.isNull()) {
      throw new MediaException(MediaException.Kind.IO, "no memory for codec headers");
    }
    data.put(headers, 0, headers.length);
  }

  /** The URL without secrets, for messages. */
  public String name() {
    return name;
  }

  /** Payload bytes taken so far. Any thread. */
  public long bytesWritten() {
    return bytesWritten.get();
  }

  /**
   * The bytes of the file or stream up to the end of the last write that succeeded: of a file in
   * fragments, what can be played. The writing thread.
   */
  public long goodBytes() {
    return goodBytes;
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
    writeHeld(video);
    writeHeld(audio);
    interrupt.arm(options.writeLimit());
    int result = avformat.av_write_trailer(context);
    if (result < 0) {
      throw interrupt.explain("ending " + name, result);
    }
    flushNow();
  }

  private void writeHeld(@Nullable Track track) throws MediaException {
    HeldPacket held = track == null ? null : track.held();
    if (held != null && held.take(packet) && !writeFrame()) {
      throw new MediaException(MediaException.Kind.IO, "the last packet: " + lastRefusal);
    }
  }

  private static void closeHeld(@Nullable Track track) {
    HeldPacket held = track == null ? null : track.held();
    if (held != null) {
      held.close();
    }
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
    closeHeld(video);
    closeHeld(audio);
    FfmpegLog.hide(List.of());
    Natives.closed();
  }
}
