package babelmux.worker.sts.link;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock for a library that wants one and must not see the wall clock's steps. */
final class MonotonicClock extends Clock {
  private final LongSupplier nanos;

  MonotonicClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos.getAsLong());
  }
}
