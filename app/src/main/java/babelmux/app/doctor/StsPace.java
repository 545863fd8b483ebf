package babelmux.app.doctor;

import babelmux.worker.config.WorkerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Measures which delay the STS needs, and adds that to a report. */
public final class StsPace {
  private StsPace() {}

  /**
   * The report with one finding more, unless the STS did not even dub the test fragment of the
   * report. Blocks, a minute and a half at most.
   *
   * @throws InterruptedException after the session with the STS was ended in order
   */
  public static Report measured(Report report, WorkerConfig config) throws InterruptedException {
    boolean useless =
        config.sts().skip()
            || report.findings().stream()
                .anyMatch(
                    finding ->
                        finding.level() == Level.FAIL
                            && finding.subject().equals(Code.STS_UNREACHABLE.subject())
                            && finding.code() != Code.STS_LATE
                            && finding.code() != Code.STS_NO_DUB);
    if (useless) {
      return report;
    }
    long begin = System.nanoTime();
    List<Finding> findings = new ArrayList<>(report.findings());
    findings.add(new StsProbe(config).measure());
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    return Report.of(report.time(), report.version(), report.tookMs() + tookMs, findings);
  }
}
