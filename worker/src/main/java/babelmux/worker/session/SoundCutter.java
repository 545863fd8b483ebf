package babelmux.worker.session;

import babelmux.worker.timeline.ListedSegments;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentCuts;
import babelmux.worker.timeline.SegmentGrid;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the way to the STS with the first audio that is read, and cuts what follows into segments.
 * A segment belongs to one contiguous run of audio: it ends early where a new run begins and where
 * the audio stays away. One thread, the reader's.
 */
final class SoundCutter implements AutoCloseable {
  /** Audio that is missing for longer ends its segment; a shorter hole is silence within it. */
  static final Duration MAX_HOLE = Duration.ofSeconds(2);

  private final PacketTimestamper timestamper;
  private final FragmentMaker fragments;
  private final Duration segment;
  private final boolean quietCut;
  private final long audioAbsenceUs;
  private final @Nullable List<Segment> listed;
  private @Nullable Segmenter segmenter;
  private @Nullable QuietCuts quietCuts;
  private boolean running;
  private long soundTo;
  private long pictureUs = Long.MIN_VALUE;
  private long pictureAtSoundUs = Long.MIN_VALUE;

  SoundCutter(PacketTimestamper timestamper, FragmentMaker fragments, PipelineOptions options) {
    this.audioAbsenceUs = options.audioAbsence().toNanos() / 1000;
    this.quietCut = options.quietCut();
    this.timestamper = timestamper;
    this.fragments = fragments;
    this.segment = options.segment();
    this.listed = options.listed();
  }

  /** Audio was read; the packet stays the caller's. */
  void audio(TimedPacket packet) {
    SoundShape shape = timestamper.shape();
    if (shape == null) {
      return;
    }
    Segmenter cutter = segmenter;
    if (cutter == null) {
      cutter = open(shape);
    } else if (packet.heardFrom() - soundTo > samples(shape.rate(), MAX_HOLE)) {
      endRun();
    }
    if (quietCuts != null) {
      quietCuts.add(packet, !running);
    }
    running = true;
    cutter.add(packet);
    soundTo = packet.heardTo();
    pictureAtSoundUs = pictureUs;
  }

  private Segmenter open(SoundShape shape) {
    fragments.open(shape);
    Segmenter opened = new Segmenter(cuts(shape.rate()), cut -> fragments.cut(cut, shape));
    segmenter = opened;
    return opened;
  }

  private SegmentCuts cuts(SampleRate rate) {
    int length = samples(rate, segment);
    int least = samples(rate, SessionOptions.MIN_SEGMENT);
    if (listed != null) {
      return new ListedSegments(listed, least);
    }
    if (!quietCut) {
      return new SegmentGrid(length, least);
    }
    QuietCuts cuts = new QuietCuts(rate);
    quietCuts = cuts;
    return new SegmentGrid(length, least, samples(rate, QuietCuts.SLACK), cuts::near);
  }

  /**
   * A video packet was read: where the video goes on without audio, what there is of a segment is
   * cut while it can still be dubbed.
   *
   * @param dtsUs session time
   */
  void video(long dtsUs) {
    pictureUs = Math.max(pictureUs, dtsUs);
    if (pictureAtSoundUs != Long.MIN_VALUE && pictureUs - pictureAtSoundUs > audioAbsenceUs) {
      endRun();
    }
  }

  private static int samples(SampleRate rate, Duration duration) {
    return (int) rate.samplesAt(duration.toNanos() / 1000);
  }

  /** The run has ended: its rest is a segment if it is long enough. */
  void endRun() {
    pictureAtSoundUs = Long.MIN_VALUE;
    running = false;
    if (segmenter != null) {
      segmenter.endRun();
    }
  }

  /**
   * The first sample of the segment that is being filled, which no slot covers yet; {@link
   * Long#MAX_VALUE} when there is none.
   */
  long currentStart() {
    return segmenter == null ? Long.MAX_VALUE : segmenter.currentStart();
  }

  @Override
  public void close() {
    if (segmenter != null) {
      segmenter.close();
    }
    if (quietCuts != null) {
      quietCuts.close();
    }
  }
}
