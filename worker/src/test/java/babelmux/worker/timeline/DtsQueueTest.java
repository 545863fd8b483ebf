package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DtsQueueTest {
  private record Times(long ptsUs, long dtsUs) {}

  /** All packets through a queue that never holds more than {@code held}. */
  private static List<Times> through(List<Times> packets, int held) {
    DtsQueue<Times> queue = new DtsQueue<>();
    List<Times> out = new ArrayList<>();
    for (int n = 0; n < packets.size() || !queue.isEmpty(); n++) {
      if (n < packets.size()) {
        queue.add(packets.get(n), packets.get(n).ptsUs(), packets.get(n).dtsUs());
      }
      if (n >= held - 1 || n >= packets.size()) {
        long announced = queue.nextDtsUs();
        DtsQueue.Timed<Times> timed = queue.poll();
        if (timed != null) {
          assertThat(timed.item()).isEqualTo(packets.get(out.size()));
          assertThat(timed.dtsUs()).isEqualTo(announced);
          out.add(new Times(timed.ptsUs(), timed.dtsUs()));
        }
      }
    }
    return out;
  }

  private static void fits(List<Times> in, List<Times> out) {
    assertThat(out).hasSameSizeAs(in);
    for (int n = 0; n < out.size(); n++) {
      assertThat(out.get(n).ptsUs()).as("PTS %d", n).isEqualTo(in.get(n).ptsUs());
      assertThat(out.get(n).dtsUs()).as("DTS %d", n).isLessThanOrEqualTo(out.get(n).ptsUs());
      if (n > 0) {
        assertThat(out.get(n).dtsUs())
            .as("DTS %d", n)
            .isGreaterThanOrEqualTo(out.get(n - 1).dtsUs());
      }
    }
  }

  private static List<Times> millis(double... ptsAndDts) {
    return IntStream.range(0, ptsAndDts.length / 2)
        .mapToObj(
            n ->
                new Times(
                    Math.round(ptsAndDts[2 * n] * 1_000_000),
                    Math.round(ptsAndDts[2 * n + 1] * 1_000_000)))
        .toList();
  }

  @Test
  void whatMediaMtxSendsIsMadeToFit() {
    List<Times> in = millis(5.367, 5.367, 5.433, 5.400, 5.400, 5.401, 5.466, 5.434);
    assertThat(through(in, 32))
        .containsExactlyElementsOf(millis(5.367, 5.367, 5.433, 5.400, 5.400, 5.400, 5.466, 5.434));
  }

  @Test
  void aLaterPtsLowersAllThatStandInFrontOfIt() {
    List<Times> in = millis(1.000, 1.000, 1.160, 1.042, 1.080, 1.081, 1.040, 1.041, 1.120, 1.121);
    List<Times> out = through(in, 32);
    fits(in, out);
    assertThat(out.stream().map(Times::dtsUs))
        .containsExactly(1_000_000L, 1_040_000L, 1_040_000L, 1_040_000L, 1_120_000L);
  }

  @Test
  void timesThatFitAreNotTouched() {
    List<Times> in = millis(0.08, 0, 0.2, 0.04, 0.12, 0.08, 0.16, 0.12, 0.32, 0.16, 0.24, 0.2);
    assertThat(through(in, 1)).isEqualTo(in);
  }

  @Test
  void withoutAnyPacketBehindItADtsStillFits() {
    List<Times> out = through(millis(5.433, 5.402, 5.401, 5.401, 5.466, 5.434), 1);
    assertThat(out).containsExactlyElementsOf(millis(5.433, 5.402, 5.402, 5.402, 5.466, 5.434));
  }

  @Test
  void aBrokenPtsPullsNothingThroughTheQueue() {
    List<Times> in = millis(10, 10, 10.04, 10.04, 2, 10.08, 10.12, 10.12);
    List<Times> out = through(in, 32);
    assertThat(out).hasSize(4);
    assertThat(out.get(1).dtsUs()).isGreaterThanOrEqualTo(9_000_000);
    assertThat(out.get(2).ptsUs()).isGreaterThanOrEqualTo(out.get(2).dtsUs());
    assertThat(out.get(3)).isEqualTo(in.get(3));
  }

  @Test
  void whatIsSettledStays() {
    DtsQueue<Integer> queue = new DtsQueue<>();
    assertThat(queue.settledUs()).isEqualTo(Long.MIN_VALUE);
    for (int n = 0; n <= DtsQueue.DEPTH; n++) {
      queue.add(n, n * 1000L, n * 1000L);
    }
    assertThat(queue.settledUs()).isZero();
  }

  /** Pictures in decode order, by their place in the order of presentation. */
  private enum Gop {
    NO_B {
      @Override
      List<Integer> group(Random random) {
        return List.of(0);
      }
    },
    ONE_TO_THREE_B {
      @Override
      List<Integer> group(Random random) {
        int b = random.nextInt(4);
        return Stream.concat(Stream.of(b), IntStream.range(0, b).boxed()).toList();
      }
    },
    PYRAMID {
      @Override
      List<Integer> group(Random random) {
        return random.nextBoolean() ? List.of(3, 1, 0, 2) : List.of(7, 3, 1, 0, 2, 5, 4, 6);
      }
    },
    DEEP {
      @Override
      List<Integer> group(Random random) {
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, 16).forEach(n -> order.add(15 - n));
        return order;
      }
    };

    abstract List<Integer> group(Random random);
  }

  /** How a server makes the DTS that it hands out. */
  private enum Dts {
    /** The encoder's, each time rounded. */
    ROUNDED,
    /** As MediaMTX: a part of the way from the DTS before to the PTS; then each time rounded. */
    GUESSED,
    /** No DTS at all: it is the PTS. */
    MISSING
  }

  static Stream<Arguments> streams() {
    return LongStream.range(0, 12)
        .boxed()
        .flatMap(
            seed ->
                Stream.of(Gop.values())
                    .flatMap(gop -> Stream.of(Dts.values()).map(d -> Arguments.of(seed, gop, d))));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void everyStreamFitsAndNoPtsMoves(long seed, Gop gop, Dts kind) {
    List<Times> in = stream(seed, gop, kind);
    fits(in, through(in, DtsQueue.DEPTH));
  }

  private static List<Times> stream(long seed, Gop gop, Dts kind) {
    Random random = new Random(seed * 31 + gop.name().hashCode());
    double[] rates = {23.976, 25, 29.97, 50, 59.94, 15};
    double frameUs = 1_000_000 / rates[random.nextInt(rates.length)];
    LongUnaryOperator round =
        random.nextBoolean() ? us -> us / 1000 * 1000 : us -> (us + 500) / 1000 * 1000;
    // In an open GOP frames in front of a keyframe follow it, as behind any other anchor.
    List<Integer> display = new ArrayList<>();
    display.add(0);
    while (display.size() < 300) {
      int base = display.size();
      gop.group(random).forEach(place -> display.add(base + place));
    }
    int reorder =
        IntStream.range(0, display.size()).map(n -> n - display.get(n)).max().orElseThrow();
    List<Times> times = new ArrayList<>();
    // The guess may be above what it was guessed from.
    long guessed = kind == Dts.GUESSED ? 999 : 0;
    double before = 0;
    for (int n = 0; n < display.size(); n++) {
      double pts = 1_000_000 + display.get(n) * frameUs;
      double dts =
          switch (kind) {
            case ROUNDED -> 1_000_000 + (n - reorder) * frameUs;
            case GUESSED ->
                n == 0 ? pts : before + (pts - before) / (display.get(n) - n + reorder + 1);
            case MISSING -> pts;
          };
      before = dts;
      times.add(new Times(round.applyAsLong((long) pts), round.applyAsLong((long) dts + guessed)));
    }
    return times;
  }

  @Test
  void theStreamsHaveWhatTheyAreFor() {
    assertThat(Stream.of(Gop.values()))
        .allSatisfy(
            gop -> {
              List<Times> in = stream(3, gop, Dts.MISSING);
              boolean reordered =
                  !in.equals(in.stream().sorted(Comparator.comparing(Times::ptsUs)).toList());
              assertThat(reordered).isEqualTo(gop != Gop.NO_B);
            });
    assertThat(
            LongStream.range(0, 12)
                .mapToObj(seed -> stream(seed, Gop.ONE_TO_THREE_B, Dts.GUESSED))
                .flatMap(List::stream)
                .filter(times -> times.ptsUs() < times.dtsUs()))
        .as("PTS below DTS")
        .isNotEmpty();
  }
}
