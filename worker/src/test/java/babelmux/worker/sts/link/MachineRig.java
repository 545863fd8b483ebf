package babelmux.worker.sts.link;

import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsOutcome.Dub;
import babelmux.worker.sts.StsOutcome.Fallback;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.ClientMessage.FragmentAck;
import babelmux.worker.sts.wire.ClientMessage.FragmentData;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.ServerMessage.DubbedAudio;
import babelmux.worker.sts.wire.ServerMessage.FragmentAcked;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.wire.ServerMessage.Status;
import babelmux.worker.sts.wire.ServerMessage.StreamReady;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A link machine on a fake clock, with a service that says what the test says. */
final class MachineRig implements LinkOutput, StsObserver {
  static final Duration LIMIT = Duration.ofSeconds(8);

  /** Everything that the link told its observer, a line each. */
  final List<String> events = new ArrayList<>();

  final List<ClientMessage> emitted = new ArrayList<>();

  /** The connection of each entry of {@link #emitted}. */
  final List<Integer> emittedOn = new ArrayList<>();

  final List<Integer> connects = new ArrayList<>();
  final LinkMachine machine;
  private final List<Runnable> pendingAcks = new ArrayList<>();

  long now;
  long samplesSent;
  int disconnects;
  int ends;
  private long segments;

  MachineRig() {
    this(config().build());
  }

  MachineRig(StsConfig config) {
    this(config, LIMIT);
  }

  MachineRig(StsConfig config, Duration limit) {
    machine =
        new LinkMachine(
            "demo",
            config,
            new StsSession("en", "es", 48_000, 2, limit),
            this,
            this,
            () -> now,
            InstantSource.fixed(Instant.ofEpochMilli(1_767_225_600_000L)),
            () -> 0.5);
    machine.start(now);
  }

  static StsConfig.Builder config() {
    return StsConfig.builder(URI.create("http://127.0.0.1:3000"));
  }

  /** A machine in session. */
  static MachineRig inSession() {
    MachineRig rig = new MachineRig();
    rig.connected().ready();
    return rig;
  }

  MachineRig connected() {
    machine.connected(lastConnection(), OptionalLong.empty(), now);
    return this;
  }

  MachineRig ready() {
    return ready(OptionalInt.of(3));
  }

  MachineRig ready(OptionalInt window) {
    return says(new StreamReady("s-" + emitted(ClientMessage.StreamInit.class).size(), window));
  }

  int lastConnection() {
    return connects.get(connects.size() - 1);
  }

  MachineRig says(ServerMessage message) {
    machine.received(lastConnection(), message, now);
    return this;
  }

  MachineRig acks(String fragmentId) {
    return says(new FragmentAcked(fragmentId));
  }

  MachineRig answers(String fragmentId) {
    return says(processed(fragmentId, Status.SUCCESS, sound(), null));
  }

  MachineRig fails(String fragmentId, String code, @Nullable Boolean retryable) {
    return says(processed(fragmentId, Status.FAILED, null, error(code, null, retryable)));
  }

  MachineRig refuses(@Nullable String fragmentId, String code) {
    return says(error(code, fragmentId, null));
  }

  MachineRig asks(BackpressureAction action, @Nullable Long delayMillis) {
    return says(
        new ServerMessage.Backpressure(
            action,
            BackpressureSeverity.HIGH,
            delayMillis == null ? OptionalLong.empty() : OptionalLong.of(delayMillis)));
  }

  static FragmentProcessed processed(
      String id, Status status, @Nullable DubbedAudio audio, @Nullable StsError error) {
    return new FragmentProcessed(
        id, "demo", OptionalInt.empty(), status, audio, "hello", "hola", error);
  }

  static DubbedAudio sound() {
    return new DubbedAudio(new byte[] {1, 2, 3}, "m4a", 48_000, 2, 6_000, null);
  }

  static StsError error(String code, @Nullable String fragmentId, @Nullable Boolean retryable) {
    return new StsError(code, "because", retryable, fragmentId, OptionalLong.empty());
  }

  /** Hands over a fragment of the current generation whose slot needs it when the limit is over. */
  CompletableFuture<StsOutcome> submit() {
    return submit(machine.generation(), now + LIMIT.toNanos(), 1_000);
  }

  CompletableFuture<StsOutcome> submit(long generation, long deadline, int bytes) {
    CompletableFuture<StsOutcome> result = new CompletableFuture<>();
    StsFragment fragment =
        new StsFragment(
            "f" + segments,
            segments++,
            generation,
            0,
            288_000,
            48_000,
            2,
            "m4a",
            new byte[bytes],
            deadline);
    machine.submit(new Submission(fragment, deadline, result), now);
    return result;
  }

  /** Moves the clock, waking the machine whenever it wants to be woken. */
  MachineRig pass(Duration time) {
    long end = now + time.toNanos();
    int wakes = 0;
    while (machine.nextWake() <= end) {
      now = Math.max(now, machine.nextWake());
      machine.tick(now);
      if (++wakes > 1_000) {
        throw new AssertionError("the machine wants to be woken forever at " + now);
      }
    }
    now = end;
    return this;
  }

  MachineRig seconds(double seconds) {
    return pass(Duration.ofNanos((long) (seconds * 1e9)));
  }

  <T extends ClientMessage> List<T> emitted(Class<T> type) {
    return emitted.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Sequence numbers in the order sent. */
  List<Integer> numbers() {
    return emitted(FragmentData.class).stream().map(FragmentData::sequenceNumber).toList();
  }

  /** Id of the fragment that was the n-th to be sent, from 0. */
  String sentId(int n) {
    return emitted(FragmentData.class).get(n).fragmentId();
  }

  /** Acks as {@code id:status}. */
  List<String> acked() {
    return emitted(FragmentAck.class).stream().map(a -> a.fragmentId() + ":" + a.status()).toList();
  }

  static @Nullable FallbackReason reason(CompletableFuture<StsOutcome> result) {
    return result.getNow(null) instanceof Fallback fallback ? fallback.reason() : null;
  }

  static boolean dubbed(CompletableFuture<StsOutcome> result) {
    return result.getNow(null) instanceof Dub;
  }

  /** Runs what the session has said about its dubs. */
  void deliverReceipts() {
    pendingAcks.forEach(Runnable::run);
    pendingAcks.clear();
  }

  LinkStatus status() {
    return machine.status(now);
  }

  @Override
  public void connect(int connection) {
    connects.add(connection);
  }

  @Override
  public void disconnect() {
    disconnects++;
  }

  @Override
  public void emit(ClientMessage message) {
    emitted.add(message);
    emittedOn.add(lastConnection());
  }

  @Override
  public void settle(Submission submission, StsOutcome outcome) {
    if (!submission.result().complete(outcome)) {
      throw new AssertionError("settled twice: " + submission + ", " + outcome);
    }
  }

  @Override
  public void receipt(String fragmentId, boolean applied) {
    pendingAcks.add(() -> machine.used(fragmentId, applied));
  }

  @Override
  public void stateChanged() {}

  @Override
  public void ended() {
    ends++;
  }

  @Override
  public void stateChanged(LinkState from, LinkState to, String reason) {
    events.add("state " + to.tag());
  }

  @Override
  public void breakerChanged(BreakerState from, BreakerState to) {
    events.add("breaker " + to.tag());
  }

  @Override
  public void audioSent(long samples, int sampleRateHz) {
    samplesSent += samples;
  }

  @Override
  public void late(long segmentIndex, String fragmentId, Duration roundTrip) {
    events.add("late " + segmentIndex + " " + roundTrip.toMillis());
  }

  @Override
  public void reconnecting(int attempt, Duration delay) {
    events.add("reconnecting " + attempt + " " + delay.toMillis());
  }

  @Override
  public void permanentFailure(String detail) {
    events.add("permanent " + detail);
  }

  @Override
  public void violation(ProtocolViolation kind, String detail) {
    events.add("oddity " + kind.tag());
  }
}
