package babelmux.worker.session;

import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A link whose answers the test decides. */
final class EchoLink implements StsLink {
  final List<StsFragment> sent = new CopyOnWriteArrayList<>();
  final List<Boolean> used = new CopyOnWriteArrayList<>();
  private final Function<StsFragment, CompletableFuture<StsOutcome>> answers;

  private final LinkState state;

  EchoLink(Function<StsFragment, CompletableFuture<StsOutcome>> answers) {
    this(answers, LinkState.READY);
  }

  private EchoLink(Function<StsFragment, CompletableFuture<StsOutcome>> answers, LinkState state) {
    this.answers = answers;
    this.state = state;
  }

  /** Has never been in session. */
  static EchoLink without(LinkState state) {
    return new EchoLink(
        fragment -> {
          throw new IllegalStateException("sent while " + state);
        },
        state);
  }

  /** Gives back what it gets. */
  static EchoLink echoing() {
    EchoLink[] self = new EchoLink[1];
    self[0] =
        new EchoLink(
            fragment -> CompletableFuture.completedFuture(self[0].dub(fragment.audio(), "m4a")));
    return self[0];
  }

  StsOutcome dub(byte[] audio, String format) {
    return new StsOutcome.Dub(
        audio, format, 48_000, 2, 6000, "one", "uno", 1, StsOutcome.DubStatus.SUCCESS, used::add);
  }

  @Override
  public long generation() {
    return state == LinkState.READY ? 1 : 0;
  }

  @Override
  public CompletableFuture<StsOutcome> submit(StsFragment fragment) {
    sent.add(fragment);
    return answers.apply(fragment);
  }

  @Override
  public LinkStatus status() {
    return new LinkStatus(
        state, null, generation(), 3, 0, 0, BreakerState.CLOSED, null, -1, -1, 0, 0, -1);
  }

  @Override
  public CompletableFuture<Void> end(String reason) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {}
}
