package babelmux.bench;

import babelmux.bench.CapacityTrial.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a machine ran out of first, by the window of a failed trial.
 *
 * @param cause in a word or two, such as {@code CPU}
 * @param sentences the evidence, for an operator; those that hold by calculation say so
 */
record CapacityVerdict(String cause, List<String> sentences) {
  private static final double BUSY = 0.85;
  private static final double STOLEN = 0.05;
  private static final double OTHERS = 0.1;
  private static final double MEMORY_LEFT = 0.05;
  private static final double LIMIT_USED = 0.9;
  private static final double HEAP_USED = 0.9;
  private static final double COLLECTING = 0.1;
  private static final double THREAD = 0.9;
  private static final double QUEUE_SECONDS = 1;
  private static final double MIB = 1 << 20;

  CapacityVerdict {
    sentences = List.copyOf(sentences);
  }

  /**
   * Judges a trial that failed.
   *
   * @param stsLimitMillis the time that the STS had for a fragment
   */
  static CapacityVerdict of(CapacityTrial trial, long stsLimitMillis) {
    Use use = trial.use();
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "With %d streams: %s.".formatted(trial.streams(), String.join(", ", trial.faults())));
    String cause = cause(trial, stsLimitMillis);
    sentences.add(cpu(use));
    switch (cause) {
      case "CPU" -> sentences.add(ofIts(use));
      case "the host's CPU" ->
          sentences.add(
              "The host of this virtual machine kept CPU time for itself: the number is of the host's"
                  + " load, not of babelmux. Repeat it when the host is quiet.");
      case "CPU, taken by other programs" ->
          sentences.add(
              "Programs that are no part of this run took a tenth of the machine or more. Repeat it when"
                  + " nothing else runs.");
      case "one thread of the worker" ->
          sentences.add(
              percent(
                  "The thread %s of the worker used %.0f %% of a core: more cores would not help it.",
                  use.hottest(), 100 * use.hottestCpu()));
      case "nothing that is measured" ->
          sentences.add(
              "CPU, memory, heap and queues had room. A short stall of the machine or of its host looks"
                  + " like this: repeat the run.");
      default -> {
        // The sentences below have the numbers.
      }
    }
    sentences.add(memory(use));
    sentences.add(rest(use, stsLimitMillis));
    return new CapacityVerdict(cause, sentences);
  }

  private static String cause(CapacityTrial trial, long stsLimitMillis) {
    Use use = trial.use();
    boolean atLimit = use.limitBytes() > 0 && use.workerBytes() > LIMIT_USED * use.limitBytes();
    if (use.available() < MEMORY_LEFT || atLimit) {
      return "memory";
    }
    if (use.stolen() >= STOLEN && use.busy() + use.stolen() >= BUSY) {
      return "the host's CPU";
    }
    if (use.busy() >= BUSY) {
      return use.others() >= OTHERS * use.cores() ? "CPU, taken by other programs" : "CPU";
    }
    if (use.heapUsed() >= HEAP_USED || use.collecting() >= COLLECTING) {
      return "Java heap";
    }
    if (use.hottestCpu() >= THREAD) {
      return "one thread of the worker";
    }
    if (use.queueSeconds() >= QUEUE_SECONDS) {
      return "MediaMTX or the network to it";
    }
    if (trial.fallbacks() > 0 && trial.late() == 0 && use.stsP95Millis() >= stsLimitMillis) {
      return "STS";
    }
    return "nothing that is measured";
  }

  private static String cpu(Use use) {
    double all = Math.max(use.busy() * use.cores(), 1e-9);
    String text =
        percent(
            "CPU: the %d %s %.0f %% busy; of what was used the worker took %.0f %%, %s",
            use.cores(),
            use.cores() == 1 ? "core was" : "cores were",
            100 * use.busy(),
            100 * use.worker() / all,
            use.server() > 0
                ? percent(
                    "MediaMTX %.0f %%, publishers and STS of this benchmark %.0f %%",
                    100 * use.server() / all, 100 * use.load() / all)
                : percent(
                    "publishers, origin and STS of this benchmark %.0f %%",
                    100 * use.load() / all));
    text += percent(", others %.0f %%", 100 * use.others() / all);
    if (!Double.isNaN(use.waited())) {
      text += percent("; some thread waited for a core %.0f %% of the time", 100 * use.waited());
    }
    return text + percent("; steal time %.1f %%.", 100 * use.stolen());
  }

  private static String ofIts(Use use) {
    double own = use.worker() + use.server();
    if (own <= 0) {
      return "The worker used no CPU.";
    }
    double times = use.busy() * use.cores() / own;
    return percent(
        "Publishers and STS run elsewhere in production: by CPU alone, worker%s on such a machine"
            + " carry %.1f times as many (extrapolated).",
        use.server() > 0 ? " and MediaMTX" : "", times);
  }

  private static String memory(Use use) {
    return percent(
        "Memory: worker %.0f MiB%s, %.0f %% of the machine's left; Java heap %.0f %% of %.0f MiB"
            + " used%s.",
        use.workerBytes() / MIB,
        use.server() > 0 ? percent(", MediaMTX %.0f MiB", use.serverBytes() / MIB) : "",
        100 * use.available(),
        100 * use.heapUsed(),
        use.heapBytes() / MIB,
        Double.isNaN(use.collecting())
            ? ""
            : percent(", %.1f %% of the time spent collecting garbage", 100 * use.collecting()));
  }

  private static String rest(Use use, long stsLimitMillis) {
    String sts =
        Double.isNaN(use.stsP95Millis())
            ? "STS: no answers"
            : percent(
                "STS: 95 %% of the answers within %.0f ms of %d",
                use.stsP95Millis(), stsLimitMillis);
    return sts
        + percent(
            "; longest queue in front of an output %.1f s; %.0f Mbit/s read; busiest thread of the"
                + " worker %s, %.0f %% of a core.",
            use.queueSeconds(), use.bitsPerSecond() / 1e6, use.hottest(), 100 * use.hottestCpu());
  }

  private static String percent(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
