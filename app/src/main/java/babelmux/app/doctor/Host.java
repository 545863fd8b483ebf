package babelmux.app.doctor;

import babelmux.app.client.WorkerPort;
import babelmux.hooks.TestStreams;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where doctor runs: in a worker, or alone on the worker's port.
 *
 * @param port what there is to say of the port
 * @param boundPort the port's number
 * @param tests the streams whose hooks this process notes; null when it gets no hooks
 * @param streams ids of the streams that this process has, or has had recently
 * @param running how many of them are not over
 */
public record Host(
    Finding port,
    int boundPort,
    @Nullable TestStreams tests,
    Supplier<Set<String>> streams,
    IntSupplier running) {

  /**
   * Beside a worker that does not let itself be asked: its hooks are not ours.
   *
   * @param boundPort where it listens
   */
  public static Host refused(WorkerPort.Reply answer, int boundPort) {
    return new Host(WorkerClient.refusal(answer), boundPort, null, Set::of, () -> 0);
  }

  /** A worker that runs. */
  public static Host worker(
      String where,
      int boundPort,
      TestStreams tests,
      Supplier<Set<String>> streams,
      IntSupplier running) {
    return new Host(
        Finding.ok(Code.PORT.subject(), where + " is this worker's"),
        boundPort,
        tests,
        streams,
        running);
  }
}
