package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.AudioClipEncoder;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.meter.Sound;
import babelmux.meter.Tones;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.StsLink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A live stream with two dubs in virtual time, bypassed and put back 20 times in a minute: coded,
 * decoded and measured, beside the same without. One dub is the source's own tone, in which nothing
 * of it may show; the other one is another tone, which shows where each switch is. What is measured
 * stands in {@code target/bypass-minute.txt}.
 */
@Tag("slow")
class BypassMinuteTest {
  private static final int RATE = 48_000;
  private static final long SECOND = 1_000_000;
  private static final int SECONDS = 75;
  private static final long FIRST_US = 15 * SECOND;
  private static final int SWITCHES = 40;
  private static final double LIMIT_DB = -50;

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  /** What left, and when. */
  private record Left(long dtsUs, long nanos) {}

  private static final class Recorded implements PacketSink, AutoCloseable {
    final DirectSink file;
    final List<Left> left = new ArrayList<>();
    private final PipelineRig[] rig;

    Recorded(Path path, PipelineRig[] rig) {
      this.file = new DirectSink(path.toString());
      this.rig = rig;
    }

    @Override
    public void begin(OutputFormats formats) throws MediaException {
      file.begin(formats);
    }

    @Override
    public void write(OutputPacket packet) throws MediaException {
      left.add(new Left(packet.dtsUs(), rig[0].nowNanos));
      file.write(packet);
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /**
   * A run.
   *
   * @param switches the session's first sample at each, in the order of time
   * @param toAirUs from each request to its time in the output
   */
  private record Run(
      Sound echo,
      Sound other,
      List<Left> left,
      List<Integer> switches,
      List<Long> toAirUs,
      long bypassedUs,
      List<Long> dubbed) {}

  private static EchoLink tone(double hertz) throws Exception {
    byte[] dub = AudioClipEncoder.m4a(MixRig.tone(6 * RATE, RATE, 1, hertz, 0.5), 96_000);
    EchoLink[] self = new EchoLink[1];
    self[0] = new EchoLink(fragment -> CompletableFuture.completedFuture(self[0].dub(dub, "m4a")));
    return self[0];
  }

  private static DubSpec spec(String name, StsLink link, DubListener listener) {
    return new DubSpec(name, SoundOptions.DEFAULT, 192_000, true, shape -> link, listener);
  }

  private Run run(String name, MadeSource source, boolean operated) throws Exception {
    Path echoFile = folder.resolve(name + "-echo.mp4");
    Path otherFile = folder.resolve(name + "-other.mp4");
    DubRecord dub = new DubRecord();
    PipelineRig[] self = new PipelineRig[1];
    List<Long> toAirUs = new ArrayList<>();
    List<Left> left;
    List<Integer> switches = new ArrayList<>();
    long bypassedUs;
    try (Recorded echo = new Recorded(echoFile, self);
        Recorded other = new Recorded(otherFile, self);
        PipelineRig rig =
            new PipelineRig(
                List.of(
                    spec("echo", EchoLink.echoing(), dub),
                    spec("other", tone(3000), new DubListener() {})),
                List.of(
                    new OutputMixer.Output("echo", echo), new OutputMixer.Output("other", other)),
                AudioEncoder::aac)) {
      self[0] = rig;
      source.play(
          rig,
          0,
          SECONDS * SECOND,
          us -> {
            int next = toAirUs.size();
            // Every 1.5 s, and each a little later within a frame than the one before.
            if (operated && next < SWITCHES && us >= FIRST_US + next * 1_497_000L) {
              rig.bypass.set(next % 2 == 0);
              toAirUs.add(Objects.requireNonNull(rig.bypass.state().sinceUs()) - outputUs(rig));
            }
            return us;
          });
      rig.drain();
      assertThat(rig.pacer.isDone()).isTrue();
      assertThat(rig.dropped).isEmpty();
      echo.file.finish();
      other.file.finish();
      for (Bypass.Scheduled each : rig.switches) {
        assertThat(each.on()).isEqualTo(switches.size() % 2 == 0);
        switches.add((int) ((each.atUs() - PipelineRig.START_US) * RATE / SECOND));
      }
      left = echo.left;
      bypassedUs = rig.bypassedUs;
    }
    return new Run(
        Sound.read(echoFile),
        Sound.read(otherFile),
        left,
        switches,
        toAirUs,
        bypassedUs,
        dub.dubbed());
  }

  private static long outputUs(PipelineRig rig) {
    return Objects.requireNonNull(rig.timing.clock()).dueUs(rig.nowNanos) + PipelineRig.START_US;
  }

  @Test
  void twentyBypassesInAMinuteAreNotHeardInAToneAndChangeNoTime() throws Exception {
    Run plain;
    Run operated;
    try (MadeSource source = MadeSource.aac(RATE, 1, 96_000, (SECONDS + 1) * RATE / 1024)) {
      // Keyframes are large, and nobody looks at them.
      source.withoutKeyframes(SECOND, Long.MAX_VALUE);
      plain = run("plain", source, false);
      operated = run("operated", source, true);
    }

    assertThat(operated.left).as("every packet's time, and when it left").isEqualTo(plain.left);
    assertThat(operated.echo.length()).isEqualTo(plain.echo.length());
    assertThat(operated.dubbed).isEqualTo(plain.dubbed).hasSize(13);
    assertThat(operated.switches).hasSize(SWITCHES);
    assertThat(operated.bypassedUs).isCloseTo(20 * 1_497_000L, within(100_000L));
    long slowestUs = operated.toAirUs.stream().mapToLong(us -> us).max().orElseThrow();
    assertThat(slowestUs).as("from a request to air").isBetween(0L, 300_000L);

    Tones tones = Tones.of(operated.echo, 0);
    Tones.Purity before = Tones.of(plain.echo, 0).purity(1000, RATE, (SECONDS - 1) * RATE);
    Tones.Purity whole = tones.purity(1000, RATE, (SECONDS - 1) * RATE);
    double residual = Double.NEGATIVE_INFINITY;
    double step = whole.largestStep();
    for (int at : operated.switches) {
      Tones.Joint joint = tones.joint(1000, at + RATE / 200);
      assertThat(joint.slipSamples()).as("samples missing at %d", at).isCloseTo(0, within(0.1));
      residual = Math.max(residual, joint.residualDb());
      step = Math.max(step, joint.largestStep());
    }
    report(before, whole, residual, step, slowestUs, operated);
    assertThat(whole.thdPlusNoiseDb()).isLessThan(LIMIT_DB);
    assertThat(whole.thdPlusNoiseDb()).isCloseTo(before.thdPlusNoiseDb(), within(0.5));
    assertThat(whole.slipSamples()).isCloseTo(0, within(0.1));
    assertThat(residual).isLessThan(LIMIT_DB);
    assertThat(step).isLessThan(1.05);

    assertThatEachIsHeard(operated);
  }

  private static void assertThatEachIsHeard(Run run) {
    Tones tones = Tones.of(run.other, 0);
    // What the encoder spreads around a switch is not looked at.
    int margin = RATE / 16;
    for (int n = 0; n + 1 < SWITCHES; n++) {
      int from = run.switches.get(n) + margin;
      int to = run.switches.get(n + 1) - margin;
      boolean bypassed = n % 2 == 0;
      // Dubs are coded one by one: their own seams are in it.
      assertThat(tones.purity(bypassed ? 1000 : 3000, from, to).thdPlusNoiseDb())
          .as("after switch %d: %s", n, tones.dominant(from, to))
          .isLessThan(bypassed ? LIMIT_DB : -20);
    }
    float steepest = 0;
    float[] sound = run.other.channel(0);
    for (int n = RATE; n < (SECONDS - 1) * RATE; n++) {
      steepest = Math.max(steepest, Math.abs(sound[n] - sound[n - 1]));
    }
    double own = 2 * 0.25 * Math.sin(Math.PI * 3000 / RATE);
    assertThat(steepest / own).as("largest step of the other tone").isLessThan(1.05);
  }

  private static void report(
      Tones.Purity before,
      Tones.Purity whole,
      double residual,
      double step,
      long slowestUs,
      Run operated)
      throws Exception {
    String text =
        String.format(
            Locale.ROOT,
            """
        bypass and back %d times in a minute, 1 kHz, echoed by the STS, AAC decoded
        THD+N of the minute: %.1f dB; without a bypass %.1f dB
        largest residual at a switch: %.1f dB
        largest step over the tone's own: %.3f
        samples: %d, as without; every packet left at the same nanosecond as without
        from a request to its time in the output: at most %d ms
        counted as bypassed: %.3f s
        """,
            SWITCHES / 2,
            whole.thdPlusNoiseDb(),
            before.thdPlusNoiseDb(),
            residual,
            step,
            operated.echo.length(),
            slowestUs / 1000,
            operated.bypassedUs / 1e6);
    Files.writeString(Path.of("target", "bypass-minute.txt"), text);
  }
}
