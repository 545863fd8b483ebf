package babelmux.testmedia;

import babelmux.media.FfmpegLog;
import babelmux.media.MediaException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/** A file or URL that is written. One thread; whoever opens it closes it. */
final class Output implements AutoCloseable {
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(35);
  // Read by us, not by FFmpeg.
  private static final Set<String> OURS =
      Set.of("f", "map", "c", "an", "vn", "t", "af", "vf", "ac", "ar", "sample_fmt", "bsf", "q");

  private final Arguments.Out spec;
  private final String name;
  private final Interrupt interrupt;
  private final AVFormatContext context;
  private final Set<String> untaken = new HashSet<>();
  private final List<Long> lastDts = new ArrayList<>();
  private final AtomicLong packets = new AtomicLong();
  private boolean begun;

  /**
   * Makes it, without opening the file.
   *
   * @param interrupt ends its blocking calls; stays the caller's, and is closed after this
   */
  Output(Arguments.Out spec, Interrupt interrupt) throws IOException {
    this.spec = spec;
    this.name = FfmpegLog.redact(spec.url());
    this.interrupt = interrupt;
    AVFormatContext made = new AVFormatContext(null);
    MediaException.check(
        avformat.avformat_alloc_output_context2(made, null, spec.value("f"), spec.url()),
        "cannot write " + name);
    context = made;
    spec.options().stream()
        .map(Arguments.Option::name)
        .filter(option -> !OURS.contains(option))
        .forEach(untaken::add);
  }

  AVOutputFormat format() {
    return context.oformat();
  }

  Arguments.Out spec() {
    return spec;
  }

  boolean wantsGlobalHeaders() {
    return (context.oformat().flags() & avformat.AVFMT_GLOBALHEADER) != 0;
  }

  /** Packets written. Any thread. */
  long packets() {
    return packets.get();
  }

  AVStream addStream() {
    lastDts.add(Av.NO_TIME);
    return avformat.avformat_new_stream(context, null);
  }

  /** The options that are not ours, for FFmpeg's encoder of a track or its muxer. */
  Map<String, String> options(String type, int index) {
    Map<String, String> options = new LinkedHashMap<>();
    for (Arguments.Option option : spec.options()) {
      if (!OURS.contains(option.name()) && (type.isEmpty() || option.isFor(type, index))) {
        options.put(option.name(), option.value());
      }
    }
    return options;
  }

  /** Notes which options FFmpeg took. */
  void taken(Map<String, String> given, AVDictionary left) {
    Set<String> names = new HashSet<>(given.keySet());
    names.removeAll(Av.keys(left));
    untaken.removeAll(names);
  }

  /** Opens the file and writes the header. */
  void begin() throws IOException {
    interrupt.arm(WRITE_LIMIT);
    Map<String, String> options = options("", 0);
    boolean network = spec.url().contains("://");
    if (network) {
      options.putIfAbsent("rw_timeout", "30000000");
    }
    AVDictionary dictionary = Av.dictionary(options);
    try {
      if ((context.oformat().flags() & avformat.AVFMT_NOFILE) == 0) {
        AVIOContext io = new AVIOContext(null);
        MediaException.check(
            avformat.avio_open2(
                io,
                spec.url(),
                avformat.AVIO_FLAG_WRITE,
                network ? interrupt.structure() : null,
                dictionary),
            "cannot open " + name);
        context.pb(io);
      }
      MediaException.check(
          avformat.avformat_write_header(context, dictionary), "cannot begin " + name);
      begun = true;
      taken(options, dictionary);
    } finally {
      avutil.av_dict_free(dictionary);
    }
    if (!untaken.isEmpty()) {
      throw new IllegalArgumentException(name + ": options that nothing takes: " + untaken);
    }
  }

  /**
   * Writes a packet.
   *
   * @param packet its reference is taken
   * @param base of its times
   */
  void write(AVPacket packet, int track, AVRational base) throws IOException {
    AVRational to = context.streams(track).time_base();
    avcodec.av_packet_rescale_ts(packet, base, to);
    packet.stream_index(track);
    packet.pos(-1);
    fitTimes(packet, track);
    interrupt.arm(WRITE_LIMIT);
    MediaException.check(
        avformat.av_interleaved_write_frame(context, packet), "writing to " + name);
    packets.incrementAndGet();
  }

  /**
   * Makes times fit that a muxer would refuse: DTS is moved, and PTS only where its DTS must rise
   * by a tick.
   */
  private void fitTimes(AVPacket packet, int track) {
    long dts = Math.min(packet.dts(), packet.pts());
    long last = lastDts.get(track);
    if (last != Av.NO_TIME) {
      boolean strict = (context.oformat().flags() & avformat.AVFMT_TS_NONSTRICT) == 0;
      dts = Math.max(dts, strict ? last + 1 : last);
    }
    packet.dts(dts);
    packet.pts(Math.max(packet.pts(), dts));
    lastDts.set(track, dts);
  }

  /** Writes the end. */
  void finish() throws IOException {
    if (begun) {
      begun = false;
      interrupt.arm(Duration.ofSeconds(3));
      MediaException.check(avformat.av_write_trailer(context), "ending " + name);
    }
  }

  @Override
  public void close() {
    interrupt.arm(Duration.ofSeconds(2));
    AVIOContext io = context.pb();
    if ((context.oformat().flags() & avformat.AVFMT_NOFILE) == 0 && io != null && !io.isNull()) {
      avformat.avio_closep(io);
      context.pb(null);
    }
    avformat.avformat_free_context(context);
  }
}
