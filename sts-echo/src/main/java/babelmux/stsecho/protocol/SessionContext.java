package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FragmentFate;
import babelmux.stsecho.drill.Moment;
import babelmux.stsecho.drill.Stage;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a session is given.
 *
 * @param protocol the thread that everything of a session runs on
 * @param voicePool where voices speak
 * @param plan the faults in force now
 * @param ordinal how many sessions of the stream came before
 */
record SessionContext(
    ProtocolSettings settings,
    Outlet outlet,
    Clockwork clock,
    Executor protocol,
    Executor voicePool,
    Supplier<PlanInForce> plan,
    int ordinal) {

  /** The faults that strike a message of the stream; the monitors are told. */
  List<Fault> strikes(Stage stage, String streamId) {
    PlanInForce now = plan.get();
    Moment moment = new Moment(stage, streamId, ordinal, 0, 0, now.elapsedMs(clock.nanos()));
    List<Fault> faults = now.plan().at(moment);
    faults.forEach(fault -> outlet.note(fault, moment));
    return faults;
  }

  /**
   * What befalls a fragment; the monitors are told.
   *
   * @param attempt how often its number was refused before
   */
  FragmentFate fate(String streamId, int sequence, int attempt) {
    PlanInForce now = plan.get();
    Moment moment =
        new Moment(
            Stage.FRAGMENT, streamId, ordinal, sequence, attempt, now.elapsedMs(clock.nanos()));
    FragmentFate fate = now.plan().fragment(moment);
    fate.applied().forEach(fault -> outlet.note(fault, moment));
    return fate;
  }
}
