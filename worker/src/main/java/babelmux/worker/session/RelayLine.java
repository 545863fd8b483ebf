package babelmux.worker.session;

import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackInfo;
import babelmux.media.TrackKind;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is read on as it is: at its place on the session's timeline, both tracks in the order
 * of their decoding times, and without a delay beyond that. One thread, the reader's, where nothing
 * else is said.
 */
final class RelayLine implements Ingest, AutoCloseable {
  private final SessionListener listener;
  private final DestinationGroup outputs;
  private final PacketTimestamper timestamper;
  private final SourceIntake intake;
  private final DelayLine line;
  private final TrackOrder order;
  private final RelayStart start = new RelayStart();
  private final RelayPace pace;
  private final long startUs;
  private @Nullable TrackFormat video;
  private @Nullable TrackFormat audio;

  /**
   * @param clock places the source on the wall clock
   * @param order of the tracks
   * @param pace holds back what is read faster than it plays
   * @param outputs stay the caller's
   */
  RelayLine(
      RelayOptions options,
      SourceClock clock,
      TrackOrder order,
      RelayPace pace,
      DestinationGroup outputs,
      SessionListener listener) {
    this.listener = listener;
    this.outputs = outputs;
    this.timestamper = new PacketTimestamper(listener, options.maxResumption().toNanos() / 1000);
    this.intake = new SourceIntake(timestamper, clock, listener);
    this.line = new DelayLine(Long.MAX_VALUE, Long.MAX_VALUE, listener, () -> {}, () -> {});
    this.order = order;
    this.pace = pace;
    this.startUs = options.outputStart().toNanos() / 1000;
  }

  @Override
  public void announced(TrackKind kind) {
    start.announced(kind);
  }

  @Override
  public boolean accept(Packet packet, @Nullable TrackFormat format, long nowNanos)
      throws InterruptedException {
    PacketTimestamper.Placed placed = intake.place(packet, format, nowNanos);
    if (placed == null) {
      return true;
    }
    TimedPacket timed = placed.packet();
    if (placed.newRun()) {
      order.restart();
    }
    order.read(timed.isAudio(), timed.dtsUs());
    line.put(timed);
    boolean hasVideo = timestamper.video() != null;
    boolean hasAudio = timestamper.audio() != null;
    if (start.hasBegun() || start.read(hasVideo, hasAudio, order.newestUs())) {
      send(placed.newRun() ? Long.MAX_VALUE : order.settledUs(hasVideo && hasAudio));
    } else {
      drop(start.leadUs(hasVideo, order.newestUs()));
    }
    return true;
  }

  private void send(long untilUs) throws InterruptedException {
    for (TimedPacket next = line.poll(untilUs); next != null; next = line.poll(untilUs)) {
      try (TimedPacket packet = next) {
        pace.await(packet.dtsUs());
        send(packet);
      }
    }
  }

  private void send(TimedPacket packet) {
    announce(packet);
    OutputPacket placed =
        new OutputPacket(packet.packet(), packet.ptsUs() + startUs, packet.dtsUs() + startUs);
    outputs.write(placed);
    outputs.flush();
    listener.released(placed, 0);
  }

  /** Tells the outputs of their formats, at first and when the packet's own is another. */
  private void announce(TimedPacket packet) {
    if (video == null && audio == null) {
      video = timestamper.video();
      audio = timestamper.audio();
      begin();
    }
    TrackFormat format = packet.format();
    if (packet.isAudio() && format != audio) {
      audio = format;
      begin();
    } else if (!packet.isAudio() && format != video) {
      video = format;
      begin();
    }
  }

  // The formats stay the timestamper's.
  private void begin() {
    outputs.begin(new OutputFormats(video, audio));
  }

  private void drop(long beforeUs) {
    int dropped = 0;
    for (TimedPacket next = line.poll(beforeUs); next != null; next = line.poll(beforeUs)) {
      next.close();
      dropped++;
    }
    if (dropped > 0) {
      listener.dropped(DropReason.BEFORE_KEYFRAME, dropped);
    }
  }

  @Override
  public void sourceLost() {
    timestamper.lost();
    order.restart();
    if (!start.hasBegun()) {
      return;
    }
    try {
      send(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing more will be read: sends what is left at once. */
  void finish() throws InterruptedException {
    start.begin();
    pace.end();
    send(Long.MAX_VALUE);
  }

  /** The source's video; null until it is known. Any thread, also after the end. */
  @Nullable TrackInfo video() {
    return timestamper.videoInfo();
  }

  /** The source's audio; null until it is known. Any thread, also after the end. */
  @Nullable TrackInfo audio() {
    return timestamper.audioInfo();
  }

  /** Returns whether no packet was ever read. */
  boolean isUnused() {
    return timestamper.isUnused();
  }

  /** Frees what has not been sent, and the formats. Behind the outputs. */
  @Override
  public void close() {
    line.close();
    timestamper.close();
  }
}
