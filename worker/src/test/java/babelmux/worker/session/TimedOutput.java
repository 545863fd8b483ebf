package babelmux.worker.session;

import babelmux.media.Natives;
import babelmux.media.TrackKind;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Measures what leaves, packet by packet, and keeps nothing. */
final class TimedOutput implements PacketSink {
  private static final int SILENT_BYTES = 40;
  private static final long TEN_MINUTES_US = 600_000_000;

  private final LongUnaryOperator arrival;
  private @Nullable PipelineRig rig;
  private long startNanos;
  private long lastNanos = Long.MIN_VALUE;
  private long lastAudioUs = Long.MIN_VALUE;

  /** How far the delay of a video packet was from D. */
  long worstVideoUs;

  /** How far the delay of an audio packet was from D. */
  long worstAudioUs;

  /** The same of audio packets that hold more than silence. */
  long worstSoundUs;

  /** Times that it was told what it carries: a connection, or new codec headers on it. */
  int begun;

  /** When the first packet left, and the last one of the video: microseconds from the start. */
  long firstLeftUs = Long.MAX_VALUE;

  long lastVideoLeftUs;

  int videoPackets;
  int audioPackets;

  /** Audio packets so small that they hold nothing but silence. */
  int silentPackets;

  long longestPauseUs;
  long longestAudioStepUs;

  /** The most native objects that were alive in each ten minutes of the output. */
  final NavigableMap<Long, Long> mostNatives = new TreeMap<>();

  /**
   * @param arrival when a packet of a session time arrived, both microseconds from the start
   */
  TimedOutput(LongUnaryOperator arrival) {
    this.arrival = arrival;
  }

  void watch(PipelineRig watched) {
    rig = watched;
    startNanos = watched.nowNanos;
  }

  @Override
  public void begin(OutputFormats formats) {
    begun++;
  }

  @Override
  public void write(OutputPacket packet) {
    long now = Objects.requireNonNull(rig).nowNanos;
    long sessionUs = packet.dtsUs() - PipelineRig.START_US;
    long delayUs = (now - startNanos) / 1000 - arrival.applyAsLong(sessionUs);
    long errorUs = Math.abs(delayUs - PipelineRig.DELAY.toNanos() / 1000);
    if (packet.packet().kind() == TrackKind.VIDEO) {
      videoPackets++;
      lastVideoLeftUs = (now - startNanos) / 1000;
      worstVideoUs = Math.max(worstVideoUs, errorUs);
    } else {
      audioPackets++;
      boolean silent = packet.packet().size() < SILENT_BYTES;
      silentPackets += silent ? 1 : 0;
      worstAudioUs = Math.max(worstAudioUs, errorUs);
      worstSoundUs = silent ? worstSoundUs : Math.max(worstSoundUs, errorUs);
      if (lastAudioUs != Long.MIN_VALUE) {
        longestAudioStepUs = Math.max(longestAudioStepUs, packet.ptsUs() - lastAudioUs);
      }
      lastAudioUs = packet.ptsUs();
    }
    if (lastNanos != Long.MIN_VALUE) {
      longestPauseUs = Math.max(longestPauseUs, (now - lastNanos) / 1000);
    }
    lastNanos = now;
    firstLeftUs = Math.min(firstLeftUs, (now - startNanos) / 1000);
    mostNatives.merge(sessionUs / TEN_MINUTES_US, Natives.live(), Math::max);
  }
}
