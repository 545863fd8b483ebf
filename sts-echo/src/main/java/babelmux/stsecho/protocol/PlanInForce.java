package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.drill.Moment;
import babelmux.stsecho.drill.Stage;

/** A plan, and since when it holds. */
record PlanInForce(FaultPlan plan, long sinceNanos) {

  Moment moment(Stage stage, String stream, int session, int fragment, long nowNanos) {
    return new Moment(
        stage, stream, session, fragment, Math.max(0, nowNanos - sinceNanos) / 1_000_000);
  }
}
