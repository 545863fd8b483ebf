package babelmux.worker.api;

import babelmux.worker.streams.AirVerdict;
import babelmux.worker.streams.BypassRequest;
import babelmux.worker.streams.DestinationRequest;
import babelmux.worker.streams.DestinationVerdict;
import babelmux.worker.streams.StartVerdict;
import babelmux.worker.streams.StreamDirectory;
import babelmux.worker.streams.StreamRequest;
import babelmux.worker.streams.StreamStatus;
import java.util.List;
import java.util.Optional;

/** No streams, and none can be started. */
class NoStreams implements StreamDirectory {
  @Override
  public List<StreamStatus> list() {
    return List.of();
  }

  @Override
  public Optional<StreamStatus> get(String id) {
    return Optional.empty();
  }

  @Override
  public StartVerdict start(StreamRequest request) throws InterruptedException {
    return new StartVerdict.Refused(StartVerdict.Reason.DRAINING, "no streams");
  }

  @Override
  public boolean end(String id, boolean now) {
    return false;
  }

  @Override
  public AirVerdict bypass(String id, BypassRequest request) {
    return new AirVerdict.Refused(AirVerdict.Reason.NO_STREAM, "no streams");
  }

  @Override
  public AirVerdict veto(String id, long slot) {
    return new AirVerdict.Refused(AirVerdict.Reason.NO_STREAM, "no streams");
  }

  @Override
  public DestinationVerdict add(DestinationRequest request) {
    return new DestinationVerdict.Refused(DestinationVerdict.Reason.NO_STREAM, "no streams");
  }

  @Override
  public DestinationVerdict removeDestination(String id, String name) {
    return new DestinationVerdict.Refused(DestinationVerdict.Reason.NO_STREAM, "no streams");
  }

  @Override
  public int drainAll() {
    return 0;
  }

  @Override
  public boolean acceptAgain() {
    return true;
  }
}
