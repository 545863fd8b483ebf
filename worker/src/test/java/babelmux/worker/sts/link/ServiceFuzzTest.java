package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.wire.MessageCodec;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/** Whatever a service says, line by line, is read without failing and leaves no fragment behind. */
@Tag("fuzz")
class ServiceFuzzTest {
  private static final int MAX_LINES = 40;
  private static final int MAX_LENGTH = 100_000;

  private final MessageCodec codec = new MessageCodec(MAX_LENGTH);

  @FuzzTest(maxDuration = "6s")
  void saysAnything(@Nullable String text) {
    if (text == null) {
      return;
    }
    MachineRig rig = MachineRig.inSession();
    List<CompletableFuture<StsOutcome>> results = new ArrayList<>();
    text.lines()
        .limit(MAX_LINES)
        .forEach(
            line -> {
              results.add(rig.submit());
              ServerMessage message = codec.decode(line);
              check(message);
              rig.says(message).seconds(1);
              bringBack(rig);
              assertThat(rig.status().inFlight()).isBetween(0, 3);
            });
    rig.machine.end("over", rig.now);
    rig.seconds(120);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CLOSED);
    assertThat(results).allMatch(CompletableFuture::isDone);
    assertThat(rig.status().inFlight()).isZero();
    assertThat(rig.machine.nextWake()).isEqualTo(FragmentSender.NEVER);
  }

  /** What the rest of the worker relies on. */
  private static void check(ServerMessage message) {
    if (message instanceof FragmentProcessed processed) {
      assertThat(processed.fragmentId()).isNotEmpty().hasSizeLessThanOrEqualTo(256);
      ServerMessage.DubbedAudio audio = processed.audio();
      if (audio != null) {
        assertThat(audio.problem() == null).isEqualTo(audio.bytes().length > 0);
        assertThat(audio.durationMs()).isBetween(0, 600_000);
        assertThat(audio.channels()).isBetween(0, 64);
        assertThat(audio.sampleRateHz()).isBetween(0, 384_000);
      }
    }
  }

  private static void bringBack(MachineRig rig) {
    if (rig.machine.state() == LinkState.RECONNECTING) {
      rig.seconds(60).connected();
    }
    if (rig.machine.state() == LinkState.INITIALISING) {
      rig.ready();
    }
  }
}
