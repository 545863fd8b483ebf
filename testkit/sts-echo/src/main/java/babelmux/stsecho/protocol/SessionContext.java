package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FaultContext;
import babelmux.stsecho.drill.FragmentFate;
import babelmux.stsecho.drill.Stage;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Context that a session is given.
 *
 * @param protocol the thread that everything of a session runs on
 * @param voicePool where voices speak
 * @param plan the faults in force now
 * @param ordinal how many sessions of the stream came before
 */
record SessionContext(
    ProtocolSettings settings,
    ClientChannel clientChannel,
    Scheduler clock,
    Executor protocol,
    Executor voicePool,
    Supplier<PlanInForce> plan,
    int ordinal) {

  /** The faults that strike a message of the stream; the monitors are told. */
  List<Fault> strikes(Stage stage, String streamId) {
    PlanInForce now = plan.get();
    FaultContext faultContext =
        new FaultContext(stage, streamId, ordinal, 0, 0, now.elapsedMs(clock.nanos()));
    List<Fault> faults = now.plan().at(faultContext);
    faults.forEach(fault -> clientChannel.note(fault, faultContext));
    return faults;
  }

  /**
   * Fate of a fragment; the monitors are told.
   *
   * @param attempt how often its number was refused before
   */
  FragmentFate fate(String streamId, int sequence, int attempt) {
    PlanInForce now = plan.get();
    FaultContext faultContext =
        new FaultContext(
            Stage.FRAGMENT, streamId, ordinal, sequence, attempt, now.elapsedMs(clock.nanos()));
    FragmentFate fate = now.plan().fragment(faultContext);
    fate.applied().forEach(fault -> clientChannel.note(fault, faultContext));
    return fate;
  }
}
