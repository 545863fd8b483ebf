package babelmux.worker.metrics;

/** The series of one stream id: shared by the sessions that carry this id one after the other. */
final class StreamSeries {

  final DubMeters dub;
  final LinkMeters link;
  final PathMeters path;
  final RecordingMeters recording;
  private final MeterSet set;
  private int sessions;
  private long endedAtNanos;

  StreamSeries(MeterSet set) {
    this.set = set;
    dub = new DubMeters(set);
    link = new LinkMeters(set);
    path = new PathMeters(set);
    recording = new RecordingMeters(set);
  }

  void sessionOpened() {
    sessions++;
  }

  void sessionClosed(long nowNanos) {
    sessions--;
    if (sessions == 0) {
      endedAtNanos = nowNanos;
      link.rest();
    }
  }

  boolean isRunning() {
    return sessions > 0;
  }

  boolean isOver(long nowNanos, long lingerNanos) {
    return !isRunning() && nowNanos - endedAtNanos >= lingerNanos;
  }

  void remove() {
    set.remove();
  }
}
