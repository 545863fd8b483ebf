package babelmux.app.doctor;

import babelmux.worker.api.Checkup;
import babelmux.worker.config.WorkerConfig;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Doctor in a worker that runs: one run at a time, the last report is kept. Thread-safe. */
public final class WorkerDoctor implements Checkup {
  private final Semaphore one = new Semaphore(1);
  private final Supplier<Host> host;
  private volatile Setup setup;
  private volatile @Nullable Report last;

  /**
   * @param host asked at each run
   */
  public WorkerDoctor(Setup setup, Supplier<Host> host) {
    this.setup = setup;
    this.host = host;
  }

  /** Looks with other credentials from the next run on. */
  public void use(WorkerConfig changed) {
    setup = setup.with(changed);
  }

  @Override
  public Optional<Object> run(boolean publish) throws InterruptedException {
    if (!one.tryAcquire()) {
      return Optional.empty();
    }
    try {
      Report report = Doctor.look(setup, host.get(), publish);
      last = report;
      return Optional.of(report);
    } finally {
      one.release();
    }
  }

  @Override
  public Optional<Object> last() {
    return Optional.ofNullable(last);
  }
}
