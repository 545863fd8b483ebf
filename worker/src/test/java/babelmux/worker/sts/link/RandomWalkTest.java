package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.wire.ClientMessage.FragmentAck;
import babelmux.worker.sts.wire.ClientMessage.FragmentData;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.ServerMessage.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of steps of a service that does anything at any time; what must hold always holds. */
class RandomWalkTest {
  private static final String[] CODES = {
    "STREAM_NOT_FOUND", "STREAM_NOT_READY", "STREAM_PAUSED", "INVALID_CONFIG", "FRAGMENT_TOO_LARGE",
    "INVALID_AUDIO_FORMAT", "QUEUE_FULL", "BACKPRESSURE_EXCEEDED", "RATE_LIMIT", "TIMEOUT",
    "MODEL_ERROR", "ASR_FAILED", "NEW_ONE", ""
  };

  private static final List<BackpressureAction> ACTIONS = List.of(BackpressureAction.values());

  private record Given(CompletableFuture<StsOutcome> result, long deadline) {}

  private final List<Given> given = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void nothingIsLostStuckOrSentTwice(long seed) {
    Random random = new Random(seed);
    MachineRig rig = new MachineRig();
    for (int step = 0; step < 3_000; step++) {
      act(rig, random);
      check(rig);
      rig.seconds(random.nextInt(4) == 0 ? random.nextDouble() * 7 : random.nextDouble() * 0.2);
      check(rig);
    }
    checkConfirmations(rig);
    rig.machine.end("over", rig.now);
    rig.seconds(60);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CLOSED);
    assertThat(rig.ends).isEqualTo(1);
    assertThat(given).allMatch(g -> g.result().isDone());
    assertThat(given).as("the walk dubs").anyMatch(g -> MachineRig.dubbed(g.result()));
    assertThat(rig.status().inFlight()).isZero();
    assertThat(rig.machine.nextWake()).isEqualTo(FragmentSender.NEVER);
  }

  private void act(MachineRig rig, Random random) {
    String id = someId(rig, random);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> submit(rig, random);
      case 5, 6, 7, 8 -> rig.answers(id);
      case 9 -> rig.acks(id);
      case 10 -> rig.refuses(random.nextBoolean() ? id : null, code(rig, random));
      case 11 ->
          rig.fails(id, code(rig, random), random.nextBoolean() ? random.nextBoolean() : null);
      case 12 ->
          rig.asks(
              ACTIONS.get(random.nextInt(ACTIONS.size())),
              random.nextBoolean() ? (long) random.nextInt(40_000) : null);
      case 13, 14, 15 -> rig.ready(OptionalInt.of(random.nextInt(5)));
      case 16 -> rig.says(MachineRig.processed(id, Status.SUCCESS, null, null));
      case 17 -> rig.says(new ServerMessage.StreamComplete(OptionalLong.empty()));
      case 18 -> {
        if (random.nextInt(4) == 0) {
          rig.machine.disconnected(rig.lastConnection(), "gone", rig.now);
        }
      }
      default -> rig.connected();
    }
  }

  private static String code(MachineRig rig, Random random) {
    String code = CODES[random.nextInt(CODES.length)];
    boolean wouldEndTheWalk = code.equals("INVALID_CONFIG") && rig.machine.generation() == 0;
    return wouldEndTheWalk ? "" : code;
  }

  private static String someId(MachineRig rig, Random random) {
    List<FragmentData> sent = rig.emitted(FragmentData.class);
    int back = random.nextInt(4);
    return sent.size() > back ? sent.get(sent.size() - 1 - back).fragmentId() : "unknown";
  }

  private void submit(MachineRig rig, Random random) {
    long deadline = rig.now + (long) (random.nextDouble() * 8e9);
    given.add(new Given(rig.submit(rig.machine.generation(), deadline, 100), deadline));
  }

  private void check(MachineRig rig) {
    assertThat(rig.status().inFlight()).isBetween(0, 3);
    for (Given one : given.subList(Math.max(0, given.size() - 50), given.size())) {
      assertThat(one.result().isDone() || one.deadline() > rig.now).isTrue();
    }
    if (rig.machine.generation() == 0) {
      assertThat(given).allMatch(g -> g.result().isDone());
    }
  }

  /** At most one per fragment and connection. */
  private static void checkConfirmations(MachineRig rig) {
    Set<String> confirmed = new HashSet<>();
    for (int i = 0; i < rig.emitted.size(); i++) {
      if (rig.emitted.get(i) instanceof FragmentAck ack) {
        String key = rig.emittedOn.get(i) + "/" + ack.fragmentId();
        assertThat(confirmed.add(key)).as(key).isTrue();
      }
    }
  }
}
