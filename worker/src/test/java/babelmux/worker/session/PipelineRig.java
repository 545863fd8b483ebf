package babelmux.worker.session;

import babelmux.media.MadePackets;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole live pipeline in virtual time: packets arrive when the test says so, and the pacer is
 * called when it wants to be called.
 */
final class PipelineRig implements SessionListener, AutoCloseable {
  static final Duration DELAY = Duration.ofMillis(14_500);
  static final long START_US = SessionOptions.LIVE_START.toNanos() / 1000;

  /** What one output gets. */
  static class Output implements PacketSink {
    final List<String> video = new ArrayList<>();
    final List<String> audio = new ArrayList<>();
    @Nullable OutputFormats formats;

    @Override
    public void begin(OutputFormats begun) {
      formats = begun;
    }

    @Override
    public void write(OutputPacket packet) {
      boolean isVideo = packet.packet().kind() == TrackKind.VIDEO;
      (isVideo ? video : audio)
          .add(
              packet.ptsUs()
                  + " "
                  + packet.dtsUs()
                  + " "
                  + Arrays.hashCode(packet.packet().bytes()));
    }
  }

  /**
   * A warning that begins or ends.
   *
   * @param holds whether it holds from now on
   * @param atUs microseconds from the start
   */
  record Warned(StreamWarning kind, boolean holds, long atUs) {}

  final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  final List<Warned> warned = new ArrayList<>();
  private final SourceWatch watch = new SourceWatch(this, DELAY);
  final Bypass bypass = new Bypass(SessionOptions.LIVE_START, false, InstantSource.system());
  final List<Bypass.Scheduled> switches = new ArrayList<>();
  long bypassedUs;
  final LiveTiming timing;
  final Pipeline pipeline;
  final LivePacer pacer;
  final long startNanos = 1_000_000_000_000L;
  long nowNanos = startNanos;
  private long wakeNanos = nowNanos;
  long steps;

  PipelineRig(List<DubSpec> dubs, List<OutputMixer.Output> outputs, AudioEncoder.Factory encoders) {
    SessionOptions options =
        new SessionOptions(
            DELAY,
            Duration.ofSeconds(6),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            SessionOptions.LIVE_START);
    timing = new LiveTiming(options, () -> nowNanos, this);
    pipeline =
        new Pipeline(
            Session.pipelineOptions(options),
            timing,
            dubs,
            outputs,
            Runnable::run,
            bypass,
            this,
            encoders);
    pacer = new LivePacer(pipeline, timing, this, () -> nowNanos);
  }

  /** Lets time pass. */
  void runTo(long nanos) throws MediaException {
    while (wakeNanos - nanos <= 0 && !pacer.isDone()) {
      nowNanos = Math.max(nowNanos, wakeNanos);
      wakeNanos = pacer.step(nowNanos);
      steps++;
    }
    nowNanos = Math.max(nowNanos, nanos);
  }

  /** A packet arrives; tells whether there is room for another one. */
  boolean arrive(Packet packet, TrackFormat format, long atNanos) throws MediaException {
    runTo(atNanos);
    boolean video = packet.kind() == TrackKind.VIDEO;
    boolean key = video && packet.key();
    boolean room = pipeline.accept(packet, format, nowNanos);
    // As the reader does it; whatever arrives here has video.
    watch.packet(true, video, key, timing.placedUs());
    return room;
  }

  /** A copy of a packet with other times arrives. */
  boolean arrive(Packet template, TrackFormat format, long rawUs, long atNanos)
      throws MediaException {
    return arrive(MadePackets.at(template, rawUs, rawUs), format, atNanos);
  }

  /** The source is lost. */
  void lose() {
    watch.restart();
    pipeline.sourceLost();
  }

  /** Reading is over: what was received leaves. */
  void drain() throws MediaException {
    lose();
    pacer.endWhenDry();
    runTo(nowNanos + 2 * DELAY.toNanos());
  }

  @Override
  public void dropped(DropReason reason, long packets) {
    dropped.merge(reason, packets, Long::sum);
  }

  @Override
  public void warning(StreamWarning kind, @Nullable String text) {
    warned.add(new Warned(kind, text != null, (nowNanos - startNanos) / 1000));
  }

  @Override
  public void bypassSwitched(boolean on, long atUs) {
    switches.add(new Bypass.Scheduled(on, atUs));
  }

  @Override
  public void bypassed(long us) {
    bypassedUs += us;
  }

  @Override
  public void close() {
    pipeline.close(false);
  }
}
