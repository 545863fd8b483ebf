package babelmux.testmedia;

import babelmux.media.FfmpegLog;
import babelmux.media.MediaException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/** A file or URL that is read. */
final class FileFeed implements Feed {
  private static final Duration READ_LIMIT = Duration.ofSeconds(35);

  private final Arguments.In spec;
  private final Pacing pacing;
  private final Interrupt interrupt;
  private final AVFormatContext context;
  private final AVPacket packet = avcodec.av_packet_alloc();
  private final Map<Integer, Decoder> decoders = new HashMap<>();
  private final Map<Integer, List<PacketTarget>> targets = new HashMap<>();
  private final long startUs;
  private final long offsetUs;
  private long loopUs;
  private long lowestUs = Long.MAX_VALUE;
  private long highestUs = Long.MIN_VALUE;
  private int repeatsLeft;
  private long positionUs;
  private boolean ended;

  /**
   * Opens it.
   *
   * @param interrupt ends its blocking calls; stays the caller's, and is closed after this
   */
  FileFeed(Arguments.In spec, Pacing pacing, Interrupt interrupt) throws IOException {
    this.spec = spec;
    this.pacing = pacing;
    this.interrupt = interrupt;
    this.repeatsLeft = spec.repeats();
    this.context = open(spec, interrupt);
    try {
      long first = context.start_time() == Av.NO_TIME ? 0 : context.start_time();
      long skipUs = Math.round(spec.startSeconds() * 1e6);
      startUs = first + skipUs;
      offsetUs = Math.round(spec.offsetSeconds() * 1e6) - (spec.keepTimes() ? 0 : startUs);
      if (skipUs > 0) {
        MediaException.check(
            avformat.avformat_seek_file(context, -1, Long.MIN_VALUE, startUs, startUs, 0),
            "seeking in " + spec.url());
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  static AVFormatContext open(Arguments.In spec, Interrupt interrupt) throws IOException {
    FfmpegLog.clear();
    String name = FfmpegLog.redact(spec.url());
    AVFormatContext context = avformat.avformat_alloc_context();
    context.interrupt_callback(interrupt.structure());
    Map<String, String> options = new LinkedHashMap<>(spec.options());
    if (spec.url().contains("://")) {
      options.putIfAbsent("rw_timeout", "30000000");
    }
    AVDictionary dictionary = Av.dictionary(options);
    interrupt.arm(READ_LIMIT);
    try {
      // A failed opening has already freed its context.
      MediaException.check(
          avformat.avformat_open_input(context, spec.url(), (AVInputFormat) null, dictionary),
          "cannot open " + name);
    } finally {
      avutil.av_dict_free(dictionary);
    }
    int result = avformat.avformat_find_stream_info(context, (AVDictionary) null);
    if (result < 0) {
      avformat.avformat_close_input(context);
      MediaException.check(result, "cannot read " + name);
    }
    return context;
  }

  @Override
  public int tracks() {
    return context.nb_streams();
  }

  @Override
  public boolean isAudio(int track) {
    return stream(track).codecpar().codec_type() == avutil.AVMEDIA_TYPE_AUDIO;
  }

  @Override
  public boolean isVideo(int track) {
    return stream(track).codecpar().codec_type() == avutil.AVMEDIA_TYPE_VIDEO;
  }

  @Override
  public AVStream stream(int track) {
    return context.streams(track);
  }

  private Decoder decoder(int track) throws IOException {
    Decoder decoder = decoders.get(track);
    if (decoder == null) {
      decoder = new Decoder(stream(track));
      decoders.put(track, decoder);
    }
    return decoder;
  }

  @Override
  public String sourceFormat(int track) throws IOException {
    return decoder(track).sourceFormat();
  }

  @Override
  public void sendFrames(int track, AVFilterContext source) {
    Decoder decoder = decoders.get(track);
    if (decoder == null) {
      throw new IllegalStateException("ask for the source's format first");
    }
    decoder.addTarget(source);
  }

  @Override
  public void sendPackets(int track, PacketTarget target) {
    targets.computeIfAbsent(track, t -> new ArrayList<>()).add(target);
  }

  @Override
  public boolean startsInside() {
    return spec.startSeconds() > 0;
  }

  @Override
  public long positionUs() {
    return positionUs;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void step() throws IOException {
    interrupt.arm(READ_LIMIT);
    int result = avformat.av_read_frame(context, packet);
    if (result == avutil.AVERROR_EAGAIN()) {
      return;
    }
    if (result < 0) {
      // A live stream may end with an error: it ends, whatever the reason.
      if (repeatsLeft == 0 || interrupt.isRequested() || highestUs == Long.MIN_VALUE) {
        finish();
      } else {
        repeat();
      }
      return;
    }
    try {
      int track = packet.stream_index();
      stamp(stream(track).time_base());
      if (spec.realTime() && !pacing.awaitTurn(positionUs)) {
        finish();
        return;
      }
      for (PacketTarget target : targets.getOrDefault(track, List.of())) {
        target.accept(packet, stream(track).time_base());
      }
      Decoder decoder = decoders.get(track);
      if (decoder != null) {
        decoder.decode(packet);
      }
    } finally {
      avcodec.av_packet_unref(packet);
    }
  }

  private void stamp(AVRational base) {
    if (packet.dts() == Av.NO_TIME) {
      packet.dts(packet.pts());
    }
    if (packet.dts() == Av.NO_TIME) {
      packet.dts(Av.ticks(positionUs - offsetUs - loopUs, base));
    }
    if (packet.pts() == Av.NO_TIME) {
      packet.pts(packet.dts());
    }
    long durationUs = Av.micros(packet.duration(), base);
    lowestUs = Math.min(lowestUs, Av.micros(packet.pts(), base));
    highestUs = Math.max(highestUs, Av.micros(packet.pts(), base) + durationUs);
    long shift = Av.ticks(offsetUs + loopUs, base);
    packet.pts(packet.pts() + shift);
    packet.dts(packet.dts() + shift);
    positionUs = Av.micros(packet.dts(), base);
  }

  private void repeat() throws IOException {
    if (repeatsLeft > 0) {
      repeatsLeft--;
    }
    for (Decoder decoder : decoders.values()) {
      decoder.decode(null);
      decoder.restart();
    }
    loopUs += highestUs - lowestUs;
    MediaException.check(
        avformat.avformat_seek_file(context, -1, Long.MIN_VALUE, startUs, startUs, 0),
        "seeking in " + spec.url());
  }

  private void finish() throws IOException {
    ended = true;
    for (List<PacketTarget> list : targets.values()) {
      for (PacketTarget target : list) {
        target.end();
      }
    }
    for (Decoder decoder : decoders.values()) {
      decoder.end();
    }
  }

  @Override
  public void close() {
    decoders.values().forEach(Decoder::close);
    avcodec.av_packet_free(packet);
    avformat.avformat_close_input(context);
  }
}
