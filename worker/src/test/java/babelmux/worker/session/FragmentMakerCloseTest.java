package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AacEncoder;
import babelmux.media.Natives;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a session while fragments wait for the pool: their formats are not freed too soon. */
class FragmentMakerCloseTest {
  private static final SoundShape SHAPE = new SoundShape(new SampleRate(48_000), 2);
  private static final int FRAMES = 50;

  private final List<FallbackReason> fellBack = new ArrayList<>();
  private final AtomicInteger freed = new AtomicInteger();
  private final DubListener listener =
      new DubListener() {
        @Override
        public synchronized void fellBack(long index, FallbackReason reason, String detail) {
          fellBack.add(reason);
        }
      };

  private static CutSegment segment(TrackFormat format, AacEncoder encoder) throws Exception {
    List<TimedPacket> packets = new ArrayList<>();
    for (int frame = 0; frame < FRAMES; frame++) {
      long at = (long) frame * AacEncoder.FRAME_SAMPLES;
      Sound silence = Sound.silence(2, AacEncoder.FRAME_SAMPLES, 48_000);
      for (AacEncoder.Encoded coded : encoder.encode(silence, at)) {
        long start = packets.size() * (long) AacEncoder.FRAME_SAMPLES;
        packets.add(
            new TimedPacket(
                coded.packet(), format, 0, 0, 0, 0, start, 0, AacEncoder.FRAME_SAMPLES, 0));
      }
    }
    return new CutSegment(new Segment(0, 0, 48_000), packets, System.nanoTime());
  }

  private FragmentMaker fragments(EchoLink link, Executor pool) {
    DubSpec spec = new DubSpec("es", SoundOptions.DEFAULT, 128_000, true, shape -> link, listener);
    return new FragmentMaker(List.of(new SegmentDubber(spec, pool, new StillDriver(), 1)), pool);
  }

  @Test
  @Timeout(60)
  void fragmentsThatThePoolHasNotBegunAreGivenUpAtOnce() throws Exception {
    EchoLink link = EchoLink.echoing();
    List<Runnable> stuck = new ArrayList<>();
    FragmentMaker fragments = fragments(link, stuck::add);
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        TrackFormat format = encoder.format().copy()) {
      fragments.open(SHAPE);
      fragments.cut(segment(format, encoder), SHAPE);
      assertThat(stuck).hasSize(1);
      fragments.close(freed::incrementAndGet);
      assertThat(freed).hasValue(1);
      assertThat(fellBack).containsExactly(FallbackReason.DISCONNECTED);
      stuck.forEach(Runnable::run);
      assertThat(link.sent).isEmpty();
    }
    assertThat(Natives.live()).isZero();
  }

  @Test
  @Timeout(60)
  void aFragmentThatIsBeingMadeKeepsItsFormatUntilItIsMade() throws Exception {
    CountDownLatch submitted = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    EchoLink link =
        new EchoLink(
            fragment -> {
              submitted.countDown();
              awaitQuietly(goOn);
              return new CompletableFuture<StsOutcome>();
            });
    ExecutorService pool = Executors.newSingleThreadExecutor();
    FragmentMaker fragments = fragments(link, pool);
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        TrackFormat format = encoder.format().copy()) {
      fragments.open(SHAPE);
      fragments.cut(segment(format, encoder), SHAPE);
      assertThat(submitted.await(30, TimeUnit.SECONDS)).isTrue();
      // An interrupt ends the wait of 5 s.
      Thread.currentThread().interrupt();
      fragments.close(freed::incrementAndGet);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(freed).hasValue(0);
      goOn.countDown();
      pool.shutdown();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      assertThat(freed).hasValue(1);
    } finally {
      pool.shutdownNow();
    }
    assertThat(Natives.live()).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Timeout(60)
  void anErrorWhileAFragmentIsSentCostsOneSegment() throws Exception {
    EchoLink link =
        new EchoLink(
            fragment -> {
              throw new NoClassDefFoundError("no/such/Message");
            });
    FragmentMaker fragments = fragments(link, Runnable::run);
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        TrackFormat format = encoder.format().copy()) {
      fragments.open(SHAPE);
      fragments.cut(segment(format, encoder), SHAPE);
      assertThat(fellBack).containsExactly(FallbackReason.ERROR);
      fragments.close(freed::incrementAndGet);
      assertThat(freed).hasValue(1);
    }
    assertThat(Natives.live()).isZero();
  }
}
