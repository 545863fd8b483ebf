package babelmux.origin;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Faults that are on. Event loop only; tests change it through {@link OriginFaults}. */
final class FaultPlan {
  private record HookFaults(HookFault fault, int times) {}

  int apiStatus;
  long apiDelayMs;
  final Set<String> refusedPublishers = new HashSet<>();
  final Set<String> refusedReaders = new HashSet<>();
  final Set<String> keptReaders = new HashSet<>();
  private final Map<HookEvent, HookFaults> hooks = new EnumMap<>(HookEvent.class);

  void hook(HookEvent event, HookFault fault, int times) {
    hooks.put(event, new HookFaults(fault, times));
  }

  /** Number of times to run the next hook of this kind; uses up one planned fault. */
  int runs(HookEvent event) {
    HookFaults planned = hooks.remove(event);
    if (planned == null) {
      return 1;
    }
    if (planned.times() > 1) {
      hooks.put(event, new HookFaults(planned.fault(), planned.times() - 1));
    }
    return planned.fault() == HookFault.LOSE ? 0 : 2;
  }

  void clear() {
    apiStatus = 0;
    apiDelayMs = 0;
    refusedPublishers.clear();
    refusedReaders.clear();
    keptReaders.clear();
    hooks.clear();
  }
}
