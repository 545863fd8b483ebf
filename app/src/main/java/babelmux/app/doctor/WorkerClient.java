package babelmux.app.doctor;

import babelmux.app.client.WorkerPort;
import babelmux.worker.config.WorkerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Asks the worker that runs on the port of the settings. One thread. */
public final class WorkerClient {
  private static final Duration FIND_LIMIT = Duration.ofSeconds(3);
  private static final Duration RUN_LIMIT = Duration.ofSeconds(70);
  private static final long PAUSE_MILLIS = 2_000;
  private static final int RUNNING = 409;

  private final WorkerConfig config;

  /** A client of the port that these settings name. */
  public WorkerClient(WorkerConfig config) {
    this.config = config;
  }

  /** Returns whether a worker answers there. */
  public boolean isThere() {
    if (config.http().port() == 0) {
      return false;
    }
    try {
      return new WorkerPort(config.http(), null).isWorker(FIND_LIMIT);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Has the worker look. Waits for a run that is going on, and blocks for a minute or two at most.
   *
   * @return its report, or the answer that says why there is none; of status 0 when none came
   */
  public WorkerPort.Reply run(boolean publish) throws InterruptedException {
    String path = publish ? "/v1/doctor" : "/v1/doctor?publish=false";
    long endNanos = System.nanoTime() + RUN_LIMIT.toNanos();
    while (true) {
      WorkerPort.Reply answer = ask("POST", path, RUN_LIMIT);
      if (answer.status() != RUNNING || System.nanoTime() - endNanos > 0) {
        return answer;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private WorkerPort.Reply ask(String method, String path, Duration limit) {
    try {
      return new WorkerPort(config.http(), config.access().token()).ask(method, path, limit);
    } catch (IOException e) {
      return new WorkerPort.Reply(0, e.toString());
    }
  }

  /** The report in an answer; empty when it has none. */
  public static Optional<Report> report(WorkerPort.Reply answer) {
    return answer.isOk() ? Report.parse(answer.body()) : Optional.empty();
  }

  /** What keeps doctor from asking. */
  public static Finding refusal(WorkerPort.Reply answer) {
    return Finding.of(Code.WORKER_REFUSES, reason(answer));
  }

  private static String reason(WorkerPort.Reply answer) {
    if (answer.isOk()) {
      return "it answers without a report that can be read";
    }
    String detail = answer.detail();
    return answer.status() == 0
        ? "it does not answer: " + answer.body()
        : "it answers with %d%s".formatted(answer.status(), detail.isEmpty() ? "" : ": " + detail);
  }
}
