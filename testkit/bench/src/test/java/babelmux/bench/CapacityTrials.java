package babelmux.bench;

import org.jspecify.annotations.Nullable;

/** Trials of tests: a machine of two cores on which nothing is short, but what a test changes. */
final class CapacityTrials {
  private static final double MIB = 1 << 20;

  int streams = 10;
  int live = 10;
  long late;
  long fallbacks;
  @Nullable String trouble;
  double busy = 0.5;
  double stolen;
  double worker = 0.5;
  double server = 0.2;
  double load = 0.25;
  double hottestCpu = 0.1;
  double heapUsed = 0.2;
  double collecting = 0.01;
  double workerBytes = 300 * MIB;
  double available = 0.8;
  double sts = 100;
  double queue;

  CapacityTrial trial() {
    return new CapacityTrial(
        streams,
        live,
        10_000,
        late,
        fallbacks,
        0,
        0,
        trouble,
        new CapacityTrial.Use(
            2,
            busy,
            stolen,
            0.3,
            worker,
            server,
            load,
            "pacer",
            hottestCpu,
            collecting,
            heapUsed,
            512 * MIB,
            workerBytes,
            40 * MIB,
            8000 * MIB,
            available,
            sts,
            queue,
            streams * 2.1e6));
  }

  /** A trial of some streams whose CPU and memory are on straight lines. */
  static CapacityTrial carried(int streams) {
    CapacityTrials trials = new CapacityTrials();
    trials.streams = streams;
    trials.live = streams;
    trials.worker = 0.1 + 0.03 * streams;
    trials.server = 0.01 * streams;
    trials.load = 0.01 * streams;
    trials.busy = (trials.worker + trials.server + trials.load) / 2;
    trials.workerBytes = (150 + 10 * streams) * MIB;
    return trials.trial();
  }
}
