package babelmux.worker.sts.link;

import babelmux.media.LogFields;
import babelmux.worker.concurrent.SerialExecutor;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsReach;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.MessageCodec;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.StsConnection;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs a {@link LinkMachine}: everything that happens to it is queued on one serial executor, and
 * one timer wakes it. All methods may be called from any thread.
 */
public final class SerialLink implements StsLink {
  private static final Logger log = LoggerFactory.getLogger(StsLink.class);

  private final String streamId;
  private final LinkRuntime runtime;
  private final SerialExecutor serial;
  private final MessageCodec codec;
  private final LinkMachine machine;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Output output = new Output();
  private final long origin;

  private volatile LinkStatus status;
  private volatile long refusesUntil;
  private @Nullable StsConnection connection;
  private @Nullable Future<?> wake;
  private long wakeAt = FragmentSender.NEVER;

  /** Begins to connect. */
  public SerialLink(
      String streamId, StsSession session, StsObserver observer, LinkRuntime runtime) {
    this.streamId = streamId;
    this.runtime = runtime;
    this.serial = new SerialExecutor(runtime.pool());
    this.codec = new MessageCodec(runtime.config().maxMessageBytes());
    this.origin = runtime.nanos().getAsLong();
    this.machine =
        new LinkMachine(
            streamId,
            runtime.config(),
            session,
            output,
            QuietObserver.of(streamId, new LoggingObserver(streamId, observer)),
            this::now,
            runtime.wall(),
            runtime.random());
    this.status = machine.status(0);
    run(machine::start);
  }

  private long now() {
    return runtime.nanos().getAsLong() - origin;
  }

  /** Queues a step of the machine. */
  private void run(LongConsumer step) {
    serial.executeAlways(() -> step(step));
  }

  private void step(LongConsumer step) {
    MDC.put(LogFields.STREAM, streamId);
    try {
      step.accept(now());
    } catch (Throwable e) {
      log.error("stream {}: ours: the STS link failed and is closed", streamId, e);
      closeAfter(e);
    } finally {
      MDC.remove(LogFields.STREAM);
    }
    refresh();
    schedule();
  }

  /** Whatever a step has thrown: the stream goes on in original audio, and its state says so. */
  private void closeAfter(Throwable cause) {
    try {
      machine.close("ours: " + cause);
    } catch (Throwable e) {
      log.error("stream {}: ours: the STS link could not be closed in order", streamId, e);
      ended.complete(null);
    }
  }

  private void refresh() {
    status = machine.status(now());
    refusesUntil = machine.refusesUntil();
  }

  private void schedule() {
    long next = machine.nextWake();
    if (next == wakeAt) {
      return;
    }
    if (wake != null) {
      wake.cancel(false);
      wake = null;
    }
    wakeAt = next;
    if (next == FragmentSender.NEVER) {
      return;
    }
    try {
      wake =
          runtime
              .timers()
              .schedule(() -> run(this::wakeUp), Math.max(0, next - now()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      machine.close("the worker ends");
      refresh();
    }
  }

  private void wakeUp(long now) {
    wakeAt = FragmentSender.NEVER;
    machine.tick(now);
  }

  @Override
  public long generation() {
    return status.generation();
  }

  @Override
  public boolean accepts() {
    return ready() && refusesUntil < now();
  }

  @Override
  public LinkStatus status() {
    return status;
  }

  @Override
  public CompletableFuture<StsOutcome> submit(StsFragment fragment) {
    CompletableFuture<StsOutcome> result = new CompletableFuture<>();
    Submission submission = new Submission(fragment, deadline(fragment), result);
    run(now -> machine.submit(submission, now));
    return result;
  }

  /** A deadline that is no real one must not wrap around. */
  private long deadline(StsFragment fragment) {
    long deadline = fragment.deadlineNanos();
    return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - origin;
  }

  /** What connects from now on sends another token. */
  public void tokenChanged() {
    run(machine::tokenChanged);
  }

  @Override
  public CompletableFuture<Void> end(String reason) {
    run(now -> machine.end(reason, now));
    return ended.copy();
  }

  @Override
  public void close() {
    run(now -> machine.close("closed"));
  }

  /** Completes when the link is closed, however that came about. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  private final class Output implements LinkOutput {
    @Override
    public void connect(int number) {
      connection = runtime.connector().connect(streamId, new Events(number));
    }

    @Override
    public void disconnect() {
      StsConnection old = connection;
      connection = null;
      if (old != null) {
        old.close();
      }
    }

    @Override
    public void emit(ClientMessage message) {
      StsConnection current = connection;
      if (current != null) {
        current.emit(message.event(), codec.encode(message));
      }
    }

    @Override
    public void settle(Submission submission, StsOutcome outcome) {
      refresh();
      submission.result().complete(outcome);
    }

    @Override
    public void receipt(String fragmentId, boolean applied) {
      run(now -> machine.used(fragmentId, applied));
    }

    @Override
    public void stateChanged() {
      refresh();
    }

    @Override
    public void ended() {
      ended.complete(null);
    }
  }

  /** Hands over what comes from one connection; its number tells old ones apart. */
  private final class Events implements StsConnection.Listener {
    private final int number;

    Events(int number) {
      this.number = number;
    }

    @Override
    public void connected(OptionalLong maxPayload) {
      run(now -> machine.connected(number, maxPayload, now));
    }

    @Override
    public void connectFailed(StsReach.Failed failure) {
      run(now -> machine.connectFailed(number, failure.code(), failure.detail(), now));
    }

    @Override
    public void disconnected(String reason) {
      run(now -> machine.disconnected(number, reason, now));
    }

    @Override
    public void event(String json, Runnable read) {
      run(
          now -> {
            read.run();
            if (connection != null) {
              machine.received(number, codec.decode(json), now);
            }
          });
    }

    @Override
    public void violation(ProtocolViolation kind, String detail) {
      run(now -> machine.received(number, new ServerMessage.Malformed(kind, detail), now));
    }
  }
}
