package babelmux.worker.sts.wire;

import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsReach;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Takes the first thing that happens to a connection. */
final class ReachAttempt implements StsConnection.Listener {

  /** Never fails. */
  final CompletableFuture<StsReach> result = new CompletableFuture<>();

  @Override
  public void connected(OptionalLong maxPayload) {
    result.complete(new StsReach.Connected(maxPayload));
  }

  @Override
  public void connectFailed(StsReach.Failed failure) {
    result.complete(failure);
  }

  @Override
  public void disconnected(String reason) {
    result.complete(new StsReach.Failed(StsReach.Kind.NOT_HTTP, 0, "", reason));
  }

  @Override
  public void event(String json, Runnable read) {
    read.run();
  }

  @Override
  public void violation(ProtocolViolation kind, String detail) {}
}
