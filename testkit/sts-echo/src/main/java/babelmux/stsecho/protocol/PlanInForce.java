package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.FaultPlan;

/** A plan, and since when it holds. */
record PlanInForce(FaultPlan plan, long sinceNanos) {

  long elapsedMs(long nowNanos) {
    return Math.max(0, nowNanos - sinceNanos) / 1_000_000;
  }
}
