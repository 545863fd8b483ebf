package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.TimeBudget;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Real packets through timestamper, delay line and mixer in virtual time. */
final class OutputMixerRig implements SessionListener, DubListener, PacketSink, AutoCloseable {
  static final long STEP_US = 50_000;
  private static final long AHEAD_US = 240_000;

  /**
   * A packet that was written.
   *
   * @param lateUs after its DTS
   */
  record Written(TrackKind kind, long ptsUs, long dtsUs, long lateUs) {}

  final List<Written> written = new ArrayList<>();
  final List<Packet> sound = new ArrayList<>();
  final List<Double> deltasMs = new ArrayList<>();
  final Map<Long, Long> segmentsMs = new LinkedHashMap<>();
  final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  int videoSegments;
  final Source source;
  final PacketTimestamper timestamper = new PacketTimestamper(this, 0);
  final DelayLine line = new DelayLine(Long.MAX_VALUE, Long.MAX_VALUE, this, () -> {}, () -> {});
  final SegmentDubber dub =
      new SegmentDubber(
          new DubSpec("es", SoundOptions.DEFAULT, 128_000, true, shape -> null, this),
          Runnable::run,
          new StillDriver(),
          1);
  final OutputMixer mixer =
      new OutputMixer(
          new PipelineOptions(
              Long.MAX_VALUE,
              Long.MAX_VALUE,
              0,
              Duration.ofSeconds(6),
              false,
              SoundCutter.MAX_HOLE,
              0,
              TimeBudget.HOLE_TOLERANCE_US,
              TimeBudget.MAX_JUMP_US,
              1),
          line,
          timestamper,
          List.of(dub),
          List.of(new OutputMixer.Output("es", this)),
          AudioEncoder::aac,
          new Bypass(Duration.ZERO, false, InstantSource.system()),
          this);
  long nowUs;
  long readUs = Long.MIN_VALUE;
  UnaryOperator<TimedPacket> plan = UnaryOperator.identity();
  boolean keepSound;
  boolean failing;
  @Nullable OutputFormats formats;
  private long firstUs = Long.MIN_VALUE;

  OutputMixerRig(Path film) throws MediaException {
    source = Source.open(film.toString(), SourceOptions.defaults());
  }

  /** Reads on until a source time, microseconds from the start. */
  void readTo(long untilUs) throws Exception {
    readTo(untilUs, 0);
  }

  /**
   * Reads on.
   *
   * @param absentUs how much later than its times say it is read
   */
  void readTo(long untilUs, long absentUs) throws Exception {
    while (readUs < untilUs) {
      Packet packet = source.read();
      if (packet == null) {
        return;
      }
      if (firstUs == Long.MIN_VALUE) {
        firstUs = packet.dtsUs();
      }
      readUs = packet.dtsUs() - firstUs;
      TrackFormat format =
          Objects.requireNonNull(
              packet.kind() == TrackKind.VIDEO ? source.video() : source.audio());
      long atUs = readUs + absentUs;
      PacketTimestamper.Placed placed = timestamper.place(packet, format, atUs, atUs * 1000);
      if (placed != null) {
        line.put(plan.apply(placed.packet()));
      }
    }
  }

  /** Lets time pass, in steps. */
  void playTo(long untilUs) throws MediaException {
    for (; nowUs < untilUs; nowUs += STEP_US) {
      mixer.advance(nowUs + AHEAD_US);
      mixer.write(nowUs, nowUs * 1000, dtsUs -> (nowUs - dtsUs) * 1000);
    }
  }

  List<Written> of(TrackKind kind) {
    return written.stream().filter(packet -> packet.kind() == kind).toList();
  }

  @Override
  public void begin(OutputFormats begun) {
    formats = begun;
  }

  @Override
  public void write(OutputPacket packet) throws MediaException {
    written.add(
        new Written(
            packet.packet().kind(), packet.ptsUs(), packet.dtsUs(), nowUs - packet.dtsUs()));
    if (keepSound && packet.packet().kind() == TrackKind.AUDIO) {
      sound.add(packet.packet().share());
    }
  }

  @Override
  public void avDelta(long us) {
    deltasMs.add(us / 1e3);
  }

  @Override
  public void segmentReleased(long index, long nanos) {
    segmentsMs.put(index, nanos / 1_000_000);
  }

  @Override
  public void fellBack(long index, FallbackReason reason, String detail) {
    if (failing) {
      throw new IllegalStateException("planted");
    }
  }

  @Override
  public void videoSegmentReleased() {
    videoSegments++;
  }

  @Override
  public void dropped(DropReason reason, long packets) {
    dropped.merge(reason, packets, Long::sum);
  }

  @Override
  public void close() {
    sound.forEach(Packet::close);
    line.close();
    mixer.close();
    dub.closeTimeline();
    timestamper.close();
    source.close();
  }
}
