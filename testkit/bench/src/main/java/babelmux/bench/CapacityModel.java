package babelmux.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * What more streams and larger machines would need, by straight lines through the trials that were
 * carried. Everything that it says is extrapolated, and called so.
 */
final class CapacityModel {
  /** Machines of the table, cores. */
  private static final List<Integer> MACHINES = List.of(2, 4, 8, 16, 32);

  /** Numbers of streams of the table. */
  private static final List<Integer> STREAMS = List.of(60, 100);

  /** Share of the measured limit that leaves room for a source that costs more. */
  private static final double PLANNED = 0.7;

  private static final double MIB = 1 << 20;
  private static final double MBIT = 1e6;

  private final Line worker;
  private final Line server;
  private final Line load;
  private final Line workerBytes;
  private final Line serverBytes;
  private final double limit;
  private final double bitsPerStream;

  /**
   * Fixed part and part of a stream.
   *
   * @param fixed at no stream at all; never negative
   * @param each of a further stream
   */
  record Line(double fixed, double each) {

    double at(double streams) {
      return fixed + each * streams;
    }

    /** The largest whole number at which this is at most {@code value}; 0 when none is. */
    int streamsAt(double value) {
      return each <= 0 ? 0 : (int) Math.max(0, Math.floor((value - fixed) / each + 1e-9));
    }

    Line plus(Line other) {
      return new Line(fixed + other.fixed, each + other.each);
    }

    /** The line of least squares; through zero when it would begin below. */
    static Line through(double[] streams, double[] values) {
      SimpleRegression free = new SimpleRegression(true);
      SimpleRegression fromZero = new SimpleRegression(false);
      for (int i = 0; i < streams.length; i++) {
        free.addData(streams[i], values[i]);
        fromZero.addData(streams[i], values[i]);
      }
      double fixed = free.getIntercept();
      if (fixed >= 0 && free.getSlope() >= 0) {
        return new Line(fixed, free.getSlope());
      }
      return new Line(0, Math.max(0, fromZero.getSlope()));
    }
  }

  /**
   * @param carried trials that were carried, of two numbers of streams at least
   */
  CapacityModel(List<CapacityTrial> carried) {
    double[] streams = carried.stream().mapToDouble(CapacityTrial::streams).toArray();
    this.worker = line(carried, streams, CapacityTrial.Use::worker);
    this.server = line(carried, streams, CapacityTrial.Use::server);
    this.load = line(carried, streams, CapacityTrial.Use::load);
    this.workerBytes = line(carried, streams, CapacityTrial.Use::workerBytes);
    this.serverBytes = line(carried, streams, CapacityTrial.Use::serverBytes);
    CapacityTrial largest =
        carried.stream().reduce((a, b) -> b.streams() >= a.streams() ? b : a).orElseThrow();
    this.limit = largest.use().busy();
    this.bitsPerStream = largest.use().bitsPerSecond() / largest.streams();
  }

  private static Line line(
      List<CapacityTrial> trials, double[] streams, ToDoubleFunction<CapacityTrial.Use> value) {
    return Line.through(
        streams, trials.stream().mapToDouble(each -> value.applyAsDouble(each.use())).toArray());
  }

  /** CPU of the worker, cores. */
  Line worker() {
    return worker;
  }

  /** CPU of MediaMTX, cores. */
  Line server() {
    return server;
  }

  /** CPU of publishers and STS, cores. */
  Line load() {
    return load;
  }

  /** Resident memory of the worker, bytes. */
  Line workerBytes() {
    return workerBytes;
  }

  /** Resident memory of MediaMTX, bytes. */
  Line serverBytes() {
    return serverBytes;
  }

  /** Share of the CPU that was used at the largest number of streams that was carried. */
  double limit() {
    return limit;
  }

  /** Bits a second of a stream. */
  double bitsPerStream() {
    return bitsPerStream;
  }

  /** Streams for each size of machine. */
  BenchTable machines() {
    List<List<String>> rows = new ArrayList<>();
    for (int cores : MACHINES) {
      double cpu = cores * limit;
      int both = worker.plus(server).streamsAt(cpu);
      int alone = worker.streamsAt(cpu);
      rows.add(
          List.of(
              cores + " cores, extrapolated",
              Integer.toString(both),
              Integer.toString((int) (both * PLANNED)),
              Integer.toString(alone),
              Integer.toString((int) (alone * PLANNED)),
              text("%.0f MiB", workerBytes.at(alone) / MIB),
              text("%.0f Mbit/s", bitsPerStream * alone / MBIT)));
    }
    return new BenchTable(
        text(
            "Streams of %.1f Mbit/s for each machine without publishers and STS, extrapolated: all up to"
                + " %.0f %% of its CPU, and the number to plan with, which is 70 %% of it",
            bitsPerStream / MBIT, 100 * limit),
        List.of(
            "machine",
            "worker beside MediaMTX",
            "to plan with",
            "worker alone",
            "to plan with",
            "memory of the worker alone",
            "read, and as much sent"),
        rows);
  }

  /** What numbers of streams that this machine does not carry need. */
  BenchTable needs() {
    List<List<String>> rows = new ArrayList<>();
    for (int streams : STREAMS) {
      rows.add(
          List.of(
              streams + " streams, extrapolated",
              text("%.1f", worker.at(streams) / limit),
              text("%.0f MiB", workerBytes.at(streams) / MIB),
              text("%.1f", server.at(streams) / limit),
              text("%.0f MiB", serverBytes.at(streams) / MIB),
              text("%.0f Mbit/s", bitsPerStream * streams / MBIT)));
    }
    return new BenchTable(
        text("What more streams need, extrapolated, with cores at %.0f %%", 100 * limit),
        List.of(
            "streams",
            "cores of the worker",
            "memory of the worker",
            "cores of MediaMTX",
            "memory of MediaMTX",
            "read, and as much sent"),
        rows);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
