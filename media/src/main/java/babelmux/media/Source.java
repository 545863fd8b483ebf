package babelmux.media;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the packets of a stream or file: the first video and the first audio track. One thread
 * opens, reads and closes; any thread may {@link #interrupt()}.
 *
 * <p>An RTMP stream is not analysed before it is read: that would cost up to a GOP's length at the
 * start of every session. Its tracks become known as their packets come: the video from its first
 * keyframe on, the audio from the first packet that decodes.
 */
public final class Source implements AutoCloseable {
  private static final AVRational MICROSECONDS = new AVRational().num(1).den(avutil.AV_TIME_BASE);
  // A track of a file may begin so late and still be known when the output begins.
  private static final long MAX_TRACK_WAIT_US = 60_000_000L;
  private static final long MAX_TRACK_WAIT_BYTES = 50_000_000L;
  private static final long MAX_LIVE_ANALYSIS_US = 4_000_000L;
  private static final String NO_MORE_ALLOWED = "not on whitelist ''";

  private final String name;
  private final Interrupt interrupt;
  private final AVFormatContext context;
  private volatile Duration readLimit;
  private final AVPacket packet;
  private int videoIndex = -1;
  private int audioIndex = -1;
  private @Nullable TrackFormat video;
  private @Nullable TrackFormat audio;
  private @Nullable AudioFormatWatch soundWatch;
  private final boolean isFlv;
  private final SourceListener listener;
  private final KeyframeWait keyframeWait = new KeyframeWait();
  // Tracks that the listener knows are not read.
  private final Set<Integer> told = new HashSet<>();
  private int announcedTracks;
  private boolean toldOfKeyframe;
  private int keyframesToSkip;
  private long openDecodingTime = avutil.AV_NOPTS_VALUE;
  private boolean closed;

  private Source(
      String name,
      SourceOptions options,
      SourceListener listener,
      Interrupt interrupt,
      AVFormatContext context) {
    this.name = name;
    this.listener = listener;
    this.readLimit = options.readLimit();
    this.interrupt = interrupt;
    this.context = context;
    this.packet = avcodec.av_packet_alloc();
    this.isFlv = "flv".equals(context.iformat().name().getString());
    Natives.opened();
  }

  /**
   * Opens {@code url}: any URL that FFmpeg reads, or the path of a file.
   *
   * @throws MediaException with the reason; nothing is left open then
   */
  public static Source open(String url, SourceOptions options) throws MediaException {
    return new Opening(options).open(url);
  }

  /**
   * An opening that another thread can end. {@link #open(String)} is called once, by the thread
   * that will read.
   */
  public static final class Opening {
    private final SourceOptions options;
    private final SourceListener listener;
    private final Interrupt interrupt;

    public Opening(SourceOptions options) {
      this(options, SourceListener.NONE);
    }

    /**
     * @param listener is told what the source does not hand out
     */
    public Opening(SourceOptions options, SourceListener listener) {
      this.options = options;
      this.listener = listener;
      this.interrupt = new Interrupt(options.openLimit());
    }

    /** Ends the opening and every later read. Any thread. */
    public void interrupt() {
      interrupt.request();
    }

    /** To be called instead of {@link #open(String)} when it is not needed after all. */
    public void discard() {
      interrupt.close();
    }

    public Source open(String url) throws MediaException {
      return open(SourceAddress.of(url));
    }

    public Source open(SourceAddress address) throws MediaException {
      return open(address, LiveProtocol.of(address.url(), options));
    }

    Source open(String url, @Nullable LiveProtocol live) throws MediaException {
      return open(SourceAddress.of(url), live);
    }

    /**
     * @param live how a live source is read; null for a file and for what is read like one
     */
    Source open(SourceAddress address, @Nullable LiveProtocol live) throws MediaException {
      FfmpegLog.clear();
      String url = address.url();
      String name = address.name();
      AVFormatContext context = avformat.avformat_alloc_context();
      context.interrupt_callback(interrupt.structure());
      boolean flv = live != null && !live.isAnalysed();
      if (flv) {
        // FFmpeg would undo one overflow of 32 bits, and make one out of every fall of a shorter
        // field. The times that were sent are needed as they are.
        context.correct_ts_overflow(0);
      }
      if (address.oneConnection()) {
        interrupt.onFirstAsked(() -> forbidConnections(context));
      }
      AVDictionary options = new AVDictionary((Pointer) null);
      address.options().forEach((key, value) -> avutil.av_dict_set(options, key, value, 0));
      AVInputFormat format = live == null ? null : avformat.av_find_input_format(live.format());
      interrupt.arm(this.options.openLimit());
      if (live != null) {
        live.options().forEach((key, value) -> avutil.av_dict_set(options, key, value, 0));
        if (live.allowed() != null) {
          avutil.av_dict_set(options, "protocol_whitelist", live.allowed(), 0);
        }
      }
      if (url.contains("://")) {
        // The interrupt callback alone would do; this ends a stalled socket even inside a library
        // that never asks it.
        avutil.av_dict_set(
            options,
            "rw_timeout",
            Long.toString(micros(this.options.readLimit().multipliedBy(2))),
            0);
      }
      int result = avformat.avformat_open_input(context, url, format, options);
      avutil.av_dict_free(options);
      if (result < 0) {
        // The failed call has already freed the context.
        boolean sentOn = address.oneConnection() && FfmpegLog.errors().contains(NO_MORE_ALLOWED);
        MediaException failure =
            sentOn
                ? new MediaException(
                    MediaException.Kind.REFUSED,
                    "cannot open %s: the server sends its readers to another address, which is not followed"
                        .formatted(name))
                : interrupt.explain("cannot open " + name, result);
        interrupt.close();
        throw failure;
      }
      Source source = new Source(name, this.options, listener, interrupt, context);
      boolean opened = false;
      try {
        if (live == null) {
          source.analyse(!url.contains("://"));
        } else if (live.isAnalysed()) {
          source.analyseLive();
          source.keyframesToSkip = live.skippedKeyframes();
        }
        opened = true;
        return source;
      } finally {
        if (!opened) {
          source.close();
        }
      }
    }
  }

  /**
   * FFmpeg follows redirects of RTSP by itself, and has no option against that. It asks the
   * interrupt callback after it has checked the first connection's protocol and before it reads.
   */
  private static void forbidConnections(AVFormatContext context) {
    BytePointer allowed = context.protocol_whitelist();
    if (allowed != null) {
      allowed.put(0, (byte) 0);
    }
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  /**
   * Finds out which tracks there are, and how many pictures are reordered: RTSP has no decoding
   * times. The formats become known as over RTMP: a live stream need not begin at a keyframe.
   */
  private void analyseLive() throws MediaException {
    context.max_analyze_duration(MAX_LIVE_ANALYSIS_US);
    findStreams();
  }

  private void findStreams() throws MediaException {
    avutil.av_opt_set_int(context, "fpsprobesize", 0, 0);
    int result = avformat.avformat_find_stream_info(context, (PointerPointer<?>) null);
    if (result < 0) {
      throw interrupt.explain("cannot analyse " + name, result);
    }
  }

  private void analyse(boolean file) throws MediaException {
    context.max_analyze_duration(file ? MAX_TRACK_WAIT_US : MAX_LIVE_ANALYSIS_US);
    if (file) {
      context.probesize(MAX_TRACK_WAIT_BYTES);
    }
    findStreams();
    for (int i = 0; i < context.nb_streams(); i++) {
      AVStream stream = context.streams(i);
      int type = stream.codecpar().codec_type();
      if (videoIndex < 0 && isVideo(stream)) {
        if (stream.codecpar().width() == 0) {
          continue;
        }
        videoIndex = i;
        video = TrackFormat.of(stream.codecpar());
      } else if (type == avutil.AVMEDIA_TYPE_AUDIO
          && audioIndex < 0
          && stream.codecpar().sample_rate() > 0) {
        audioIndex = i;
        audio = TrackFormat.of(stream.codecpar());
      }
    }
    if (video == null && audio == null) {
      throw new MediaException(MediaException.Kind.INVALID, name + " has neither video nor audio");
    }
  }

  /**
   * The video's format: null until its first keyframe was read, or when there is none. Stays this
   * source's, and is replaced when the video goes on with other codec headers: to be asked for
   * after every packet, not to be kept.
   */
  public @Nullable TrackFormat video() {
    return video;
  }

  /**
   * The audio's format: null until its first packet was read, or when there is none. Stays this
   * source's, and is replaced when the audio goes on in another format: to be asked for after every
   * packet, not to be kept.
   */
  public @Nullable TrackFormat audio() {
    return audio;
  }

  /**
   * Waits for the next packet.
   *
   * @return the packet, the caller's to close, or null at the end of the stream
   * @throws MediaException TIMEOUT when nothing came within the read limit, INTERRUPTED after
   *     {@link #interrupt()}
   */
  public @Nullable Packet read() throws MediaException {
    while (true) {
      interrupt.arm(readLimit);
      int result = avformat.av_read_frame(context, packet);
      if (result == avutil.AVERROR_EOF) {
        return null;
      }
      if (result == avutil.AVERROR_EAGAIN()) {
        continue;
      }
      if (result < 0) {
        throw interrupt.explain("reading " + name, result);
      }
      Packet read = accept();
      if (read != null) {
        return read;
      }
    }
  }

  /** FLV's tracks come one by one, each with its codec headers. */
  private void announceTracks() {
    for (; announcedTracks < context.nb_streams(); announcedTracks++) {
      AVStream stream = context.streams(announcedTracks);
      if (isVideo(stream)) {
        listener.announced(TrackKind.VIDEO);
      } else if (stream.codecpar().codec_type() == avutil.AVMEDIA_TYPE_AUDIO) {
        listener.announced(TrackKind.AUDIO);
      }
    }
  }

  /** A cover of a file is no video. */
  private static boolean isVideo(AVStream stream) {
    return stream.codecpar().codec_type() == avutil.AVMEDIA_TYPE_VIDEO
        && (stream.disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) == 0;
  }

  private @Nullable Packet accept() {
    announceTracks();
    int index = packet.stream_index();
    AVStream stream = context.streams(index);
    boolean untimed =
        packet.pts() == avutil.AV_NOPTS_VALUE && packet.dts() == avutil.AV_NOPTS_VALUE;
    TrackKind kind =
        untimed || packet.size() == 0 ? refuse(SourceDrop.INVALID) : trackOf(index, stream);
    if (video == null && !untimed) {
      watchKeyframe(stream);
    }
    if (kind == null) {
      avcodec.av_packet_unref(packet);
      return null;
    }
    return kind == TrackKind.VIDEO && packet.dts() == avutil.AV_NOPTS_VALUE
        ? withoutDecodingTime(stream)
        : Packet.take(packet, kind, stream.time_base());
  }

  private @Nullable TrackKind refuse(SourceDrop reason) {
    listener.dropped(reason);
    return null;
  }

  /** There is no video yet; where there should be, that is told. */
  private void watchKeyframe(AVStream stream) {
    int announced = firstVideo();
    if (announced < 0) {
      return;
    }
    long time = packet.dts() == avutil.AV_NOPTS_VALUE ? packet.pts() : packet.dts();
    long seconds = keyframeWait.packet(avutil.av_rescale_q(time, stream.time_base(), MICROSECONDS));
    if (seconds > 0) {
      toldOfKeyframe = true;
      listener.noKeyframe(
          "%s video without a keyframe in the last %d s: audio alone"
              .formatted(codecOf(context.streams(announced)), seconds));
    }
  }

  private int firstVideo() {
    for (int i = 0; i < context.nb_streams(); i++) {
      if (isVideo(context.streams(i))) {
        return i;
      }
    }
    return -1;
  }

  private static String codecOf(AVStream stream) {
    return avcodec.avcodec_get_name(stream.codecpar().codec_id()).getString();
  }

  /**
   * Matroska has no decoding times: FFmpeg makes them of what follows, and leaves those of the
   * first frames open. They lie as many frames before the first one's time as frames are reordered.
   */
  private Packet withoutDecodingTime(AVStream stream) {
    AVRational frame = avutil.av_inv_q(stream.avg_frame_rate());
    long length =
        frame.num() > 0 && frame.den() > 0
            ? avutil.av_rescale_q(1, frame, stream.time_base())
            : Math.max(1, packet.duration());
    openDecodingTime =
        openDecodingTime == avutil.AV_NOPTS_VALUE
            ? packet.pts() - stream.codecpar().video_delay() * length
            : openDecodingTime + length;
    return Packet.take(packet, TrackKind.VIDEO, stream.time_base(), packet.pts(), openDecodingTime);
  }

  private @Nullable TrackKind trackOf(int index, AVStream stream) {
    int type = stream.codecpar().codec_type();
    if (type == avutil.AVMEDIA_TYPE_VIDEO && (videoIndex < 0 || videoIndex == index)) {
      return watchVideo(index, stream) ? TrackKind.VIDEO : refuse(SourceDrop.BEFORE_KEYFRAME);
    }
    if (type == avutil.AVMEDIA_TYPE_AUDIO
        && (audioIndex < 0 || audioIndex == index || replaces(stream))) {
      watchSound(index, stream);
      return audio == null || audioIndex != index
          ? refuse(SourceDrop.AUDIO_UNDECODABLE)
          : TrackKind.AUDIO;
    }
    ignore(index, stream);
    return refuse(SourceDrop.OTHER_TRACK);
  }

  /** Returns whether the packet belongs to video that has begun. */
  private boolean watchVideo(int index, AVStream stream) {
    TrackFormat before = video;
    if (before != null) {
      TrackFormat changed = FormatProbe.changedVideo(before, packet);
      if (changed != null) {
        video = changed;
        before.close();
      }
      return true;
    }
    // FFmpeg's parsers tell keyframes by the bitstream: MediaMTX marks none of HEVC, AV1 and VP9.
    if ((packet.flags() & avcodec.AV_PKT_FLAG_KEY) == 0) {
      return false;
    }
    if (keyframesToSkip > 0) {
      keyframesToSkip--;
      keyframeWait.restart();
      keyframeIsThere();
      return false;
    }
    TrackFormat probed = FormatProbe.video(stream.codecpar(), packet);
    if (probed == null) {
      if (told.add(index)) {
        listener.ignored(nameOf(index, stream), "its keyframe does not tell the video's size");
      }
      return false;
    }
    video = probed;
    videoIndex = index;
    keyframeIsThere();
    return true;
  }

  private void keyframeIsThere() {
    if (toldOfKeyframe) {
      toldOfKeyframe = false;
      listener.noKeyframe(null);
    }
  }

  private void ignore(int index, AVStream stream) {
    if (told.add(index)) {
      int type = stream.codecpar().codec_type();
      boolean isMedia = type == avutil.AVMEDIA_TYPE_VIDEO || type == avutil.AVMEDIA_TYPE_AUDIO;
      listener.ignored(
          nameOf(index, stream),
          isMedia
              ? "only the first video and the first audio track are read"
              : "only video and audio are read");
    }
  }

  private static String nameOf(int index, AVStream stream) {
    int type = stream.codecpar().codec_type();
    String kind =
        type == avutil.AVMEDIA_TYPE_VIDEO
            ? "video"
            : type == avutil.AVMEDIA_TYPE_AUDIO
                ? "audio"
                : type == avutil.AVMEDIA_TYPE_SUBTITLE ? "subtitle" : "data";
    return "%s track %d (%s)".formatted(kind, index + 1, codecOf(stream));
  }

  /**
   * FLV: an audio codec that changes is a new stream to FFmpeg, under the number of the old one.
   */
  private boolean replaces(AVStream stream) {
    return isFlv && stream.id() == context.streams(audioIndex).id();
  }

  private void watchSound(int index, AVStream stream) {
    AudioFormatWatch watch =
        audioIndex != index || soundWatch == null ? new AudioFormatWatch() : soundWatch;
    if (!watch.isNew(stream.codecpar(), packet)) {
      return;
    }
    TrackFormat probed = FormatProbe.changedAudio(stream.codecpar(), packet);
    if (probed == null) {
      // Tried again with the next packet; until then, what is known of the track holds.
      return;
    }
    watch.found(stream.codecpar(), packet);
    soundWatch = watch;
    audioIndex = index;
    TrackFormat before = audio;
    if (before != null && before.isSameAs(probed)) {
      probed.close();
      return;
    }
    audio = probed;
    if (before != null) {
      before.close();
    }
  }

  /** The URL without secrets, for messages. */
  public String name() {
    return name;
  }

  /**
   * From now on, and for the read that runs now: no more than this without a packet. Any thread.
   */
  public void limitReads(Duration limit) {
    readLimit = limit;
    interrupt.arm(limit);
  }

  /** Ends the read that runs now and every later one. Any thread. */
  public void interrupt() {
    interrupt.request();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    interrupt.arm(Duration.ofSeconds(2));
    avformat.avformat_close_input(context);
    interrupt.close();
    avcodec.av_packet_free(packet);
    if (video != null) {
      video.close();
    }
    if (audio != null) {
      audio.close();
    }
    Natives.closed();
  }
}
