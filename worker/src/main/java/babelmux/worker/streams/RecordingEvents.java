package babelmux.worker.streams;

import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.recording.RecordingListener;

/** Turns what happens to a stream's recording into meters. Thread-safe. */
final class RecordingEvents implements RecordingListener {
  private final StreamMeters meters;

  RecordingEvents(StreamMeters meters) {
    this.meters = meters;
  }

  @Override
  public void began() {
    meters.recordingBegan();
  }

  @Override
  public void wrote(int bytes) {
    meters.recorded(bytes);
  }

  @Override
  public void dropped(long packets) {
    meters.notRecorded(packets);
  }

  @Override
  public void stopped(boolean stopped) {
    meters.recordingStopped(stopped);
  }
}
