package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.TrackKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Uplinks that stall, as values: what a source sends, when it comes, and where it is placed. The
 * audio and the video of one moment of the source must stay together, and both must keep their
 * place.
 */
class UplinkStallTest {
  private static final int HZ = 48_000;
  private static final int FRAME = 1024;
  private static final long FRAME_US = FRAME * 1_000_000L / HZ;
  private static final long END_US = 60_000_000;

  /**
   * A packet that arrives.
   *
   * @param sourceMs its PTS and DTS as FLV has it
   * @param trueUs its moment, exactly
   * @param arrivesUs when it is read
   */
  private record Arriving(TrackKind kind, long sourceMs, long trueUs, long arrivesUs) {}

  private enum Uplink {
    /** Nothing for 3 to 8 s, then all the audio and the keyframes, as OBS does. */
    DROPS_ALL_BUT_KEYFRAMES,
    /** Nothing for 3 to 8 s, then everything. */
    KEEPS_EVERYTHING,
    /** One frame in two seconds, with hiccups. */
    SLIDES,
    /** The audio stalls and comes in a burst; the video goes on. */
    SOUND_STALLS,
    /** The video of some seconds is lost; the audio goes on. */
    VIDEO_LOST,
    /** The audio of some seconds is lost; the video goes on. */
    SOUND_LOST,
    /** Everything of some seconds is lost, and what follows comes in bursts. */
    BOTH_LOST
  }

  static Stream<Arguments> stalls() {
    List<Arguments> all = new ArrayList<>();
    for (Uplink uplink : Uplink.values()) {
      for (long seed = 0; seed < 25; seed++) {
        all.add(Arguments.of(uplink, seed));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("stalls")
  void soundAndVideoStayTogetherAndInTheirPlace(Uplink uplink, long seed) {
    List<Arriving> source = source(uplink, new Random(seed * 100 + uplink.name().hashCode()));
    TimestampRebaser rebaser = new TimestampRebaser(13_500_000);
    Unwrapper unwrapper = new Unwrapper();
    SampleRate rate = new SampleRate(HZ);
    SampleCounter counter = new SampleCounter(rate);
    long firstNanos = source.get(0).arrivesUs() * 1000;
    ReleaseClock clock = new ReleaseClock(firstNanos, 14_500_000_000L);
    Set<Long> offsets = new HashSet<>();
    int runs = 0;
    long worst = 0;
    Long begin = null;
    for (Arriving packet : source) {
      long nanos = packet.arrivesUs() * 1000;
      long us = unwrapper.unwrap(packet.sourceMs() * 1000);
      TimestampRebaser.Place place = rebaser.place(packet.kind(), us, clock.elapsedUs(nanos));
      runs += place.newRun() ? 1 : 0;
      if (place.newRun()) {
        counter.restart();
      }
      offsets.add(place.offsetUs());
      long placed = us + place.offsetUs();
      clock.arrived(placed, nanos);
      if (packet.kind() == TrackKind.AUDIO) {
        placed = rate.microsAt(counter.place(placed, FRAME).startSample());
      }
      begin = begin == null ? packet.trueUs() - placed : begin;
      worst = Math.max(worst, Math.abs(placed - packet.trueUs() + begin));
    }
    assertThat(runs).as("contiguous runs").isOne();
    assertThat(offsets).hasSize(1);
    assertThat(worst).as("moved").isLessThan(FRAME_US / 2);
  }

  private static List<Arriving> source(Uplink uplink, Random random) {
    // Before anything has left, while the delay is being found, or later.
    long from = (random.nextBoolean() ? 1_000_000L : 15_000_000L) + random.nextInt(5_000_000);
    long to = from + 3_000_000L + random.nextInt(5_000_000);
    long again = 40_000_000L + random.nextInt(3_000_000);
    long againTo = again + 3_000_000L + random.nextInt(5_000_000);
    long videoStepUs = uplink == Uplink.SLIDES ? 2_000_000 : 40_000;
    long keyEveryUs = 2_000_000;
    List<Arriving> packets = new ArrayList<>();
    for (long us = 0; us < END_US; us += videoStepUs) {
      boolean inStall = (us >= from && us < to) || (us >= again && us < againTo);
      boolean key = us % keyEveryUs == 0;
      boolean lost =
          switch (uplink) {
            case DROPS_ALL_BUT_KEYFRAMES -> inStall && !key;
            case VIDEO_LOST, BOTH_LOST -> inStall;
            default -> false;
          };
      boolean held =
          uplink != Uplink.SOUND_STALLS
              && uplink != Uplink.VIDEO_LOST
              && uplink != Uplink.SOUND_LOST;
      add(packets, lost, TrackKind.VIDEO, us, held ? release(us, from, to, again, againTo) : us);
    }
    for (long frame = 0; frame * FRAME_US < END_US; frame++) {
      long us = frame * FRAME * 1_000_000L / HZ;
      boolean inStall = (us >= from && us < to) || (us >= again && us < againTo);
      boolean lost = inStall && (uplink == Uplink.SOUND_LOST || uplink == Uplink.BOTH_LOST);
      boolean held = uplink != Uplink.VIDEO_LOST && uplink != Uplink.SOUND_LOST;
      add(packets, lost, TrackKind.AUDIO, us, held ? release(us, from, to, again, againTo) : us);
    }
    boolean videoFirst = random.nextBoolean();
    Comparator<Arriving> order = Comparator.comparingLong(Arriving::arrivesUs);
    // In a burst one track may come before the other, or both by their times.
    Comparator<Arriving> within =
        random.nextBoolean()
            ? Comparator.comparing(
                Arriving::kind, videoFirst ? Comparator.naturalOrder() : Comparator.reverseOrder())
            : Comparator.comparingLong(Arriving::trueUs);
    packets.sort(order.thenComparing(within).thenComparingLong(Arriving::trueUs));
    long[] before = {0};
    return packets.stream()
        .map(
            packet -> {
              before[0] = Math.max(before[0] + 20, packet.arrivesUs() + random.nextInt(3_000));
              return new Arriving(packet.kind(), packet.sourceMs(), packet.trueUs(), before[0]);
            })
        .toList();
  }

  private static void add(
      List<Arriving> packets, boolean lost, TrackKind kind, long us, long arrivesUs) {
    if (!lost) {
      packets.add(new Arriving(kind, 3_000 + Math.floorDiv(us + 500, 1000), us, arrivesUs));
    }
  }

  private static long release(long us, long from, long to, long again, long againTo) {
    if (us >= from && us < to) {
      return to;
    }
    return us >= again && us < againTo ? againTo : us;
  }
}
