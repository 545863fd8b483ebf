package babelmux.stsecho.drill;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds faults into a fate: delays add up; of what there can be only one of, the last holds. */
final class FaultResolver {
  private final List<Fault> applied;
  private final List<Fault> beside = new ArrayList<>();
  private final List<Fault.Patch> patches = new ArrayList<>();
  private long delayMs;
  private long lateMs = -1;
  private int copies = 1;
  private int holdFor;
  private boolean acknowledged = true;
  private Fault.@Nullable ErrorEvent refusal;
  private Fault.@Nullable Fail failure;
  private Fault.@Nullable Audio audio;
  private Fault.@Nullable Disconnect disconnect;

  private FaultResolver(List<Fault> faults) {
    applied = List.copyOf(faults);
    applied.forEach(this::add);
  }

  static FragmentFate of(List<Fault> faults) {
    return new FaultResolver(faults).fate();
  }

  private void add(Fault fault) {
    if (fault instanceof Fault.Delay delay) {
      delayMs += delay.ms();
    } else if (fault instanceof Fault.Late late) {
      lateMs = late.ms();
    } else if (fault instanceof Fault.Drop) {
      copies = 0;
    } else if (fault instanceof Fault.Duplicate duplicate) {
      copies = duplicate.times();
    } else if (fault instanceof Fault.Reorder reorder) {
      holdFor = reorder.by();
    } else if (fault instanceof Fault.NoAck) {
      acknowledged = false;
    } else if (fault instanceof Fault.ErrorEvent error) {
      refusal = error;
    } else if (fault instanceof Fault.Fail fail) {
      failure = fail;
    } else if (fault instanceof Fault.Audio mode) {
      audio = mode;
    } else if (fault instanceof Fault.Patch patch) {
      patches.add(patch);
    } else if (fault instanceof Fault.Disconnect end) {
      disconnect = end;
    } else {
      beside.add(fault);
    }
  }

  private FragmentFate fate() {
    return new FragmentFate(
        delayMs,
        lateMs,
        copies,
        holdFor,
        acknowledged,
        refusal,
        failure,
        audio,
        List.copyOf(patches),
        disconnect,
        List.copyOf(beside),
        applied);
  }
}
