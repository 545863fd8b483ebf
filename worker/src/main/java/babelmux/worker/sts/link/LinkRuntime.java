package babelmux.worker.sts.link;

import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.wire.StsConnector;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Parts that all links of a worker share. Whoever makes the parts closes them.
 *
 * @param nanos monotonic
 * @param wall for the timestamps in messages
 * @param random in [0, 1)
 * @param pool runs the steps of links
 * @param timers wakes links
 */
public record LinkRuntime(
    StsConfig config,
    LongSupplier nanos,
    InstantSource wall,
    DoubleSupplier random,
    Executor pool,
    ScheduledExecutorService timers,
    StsConnector connector) {}
