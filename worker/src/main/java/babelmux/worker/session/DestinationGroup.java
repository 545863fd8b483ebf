package babelmux.worker.session;

import babelmux.worker.output.OutputBranch;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One output, several branches (destinations, a recording); none waits for another. Branches come
 * and go while it runs. Thread-safe.
 */
final class DestinationGroup implements PacketSink {
  private final LongSupplier clock;
  // All of these are guarded by this.
  private final List<OutputBranch> branches;
  // Those that were taken out and may not have ended yet.
  private final List<OutputBranch> leaving = new ArrayList<>();
  private @Nullable OutputFormats running;
  private boolean ending;

  /**
   * @param clock monotonic, nanoseconds
   */
  DestinationGroup(List<? extends OutputBranch> branches, LongSupplier clock) {
    this.clock = clock;
    this.branches = new ArrayList<>(branches);
  }

  @Override
  public synchronized void begin(OutputFormats formats) {
    if (!ending) {
      OutputFormats before = running;
      running = formats.copy();
      if (before != null) {
        before.close();
      }
    }
    branches.forEach(branch -> branch.begin(formats));
  }

  @Override
  public synchronized void write(OutputPacket packet) {
    branches.forEach(branch -> branch.write(packet));
  }

  @Override
  public synchronized void flush() {
    branches.forEach(OutputBranch::flush);
  }

  /**
   * One more branch; of an output that runs, it begins at the next keyframe. Does not block.
   *
   * @return false when the output has ended: the branch stays the caller's
   */
  synchronized boolean add(OutputBranch branch) {
    if (ending) {
      return false;
    }
    leaving.removeIf(OutputBranch::isOver);
    if (running != null) {
      branch.join(running);
    }
    branches.add(branch);
    return true;
  }

  /** One branch less: it begins to end in an orderly way. Does not block. */
  synchronized void remove(OutputBranch branch) {
    if (branches.remove(branch)) {
      leaving.removeIf(OutputBranch::isOver);
      leaving.add(branch);
      branch.beginFinish();
    }
  }

  /** Begins to end every connection in an orderly way, side by side. */
  void beginFinish() {
    end().forEach(OutputBranch::beginFinish);
  }

  /** Takes no branch any more; all of them. */
  private synchronized List<OutputBranch> end() {
    ending = true;
    if (running != null) {
      running.close();
      running = null;
    }
    List<OutputBranch> all = new ArrayList<>(branches);
    all.addAll(leaving);
    return all;
  }

  /**
   * Waits for the ends that have begun.
   *
   * @param deadline on the clock
   */
  void awaitFinish(long deadline) throws InterruptedException {
    for (OutputBranch branch : end()) {
      branch.awaitFinish(Duration.ofNanos(Math.max(1, deadline - clock.getAsLong())));
    }
  }

  void close() {
    end().forEach(OutputBranch::close);
  }
}
