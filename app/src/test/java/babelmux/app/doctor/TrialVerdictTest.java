package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.MediaException.Kind;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialVerdictTest {
  private static final String PATH = "live/x/in";

  private static PathTrial.Sight refused(Kind kind, String message, boolean taken) {
    return new PathTrial.Sight(
        new TestPublisher.Failure(kind, message, -1), true, false, taken, null);
  }

  private static PathTrial.Sight read(@Nullable Reading reading) {
    return new PathTrial.Sight(null, true, true, false, reading);
  }

  private static List<Code> codes(List<Finding> findings) {
    return findings.stream().filter(finding -> finding.code() != null).map(Finding::code).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, 'cannot open: Operation not permitted (Server error: )', PUBLISH_REFUSED, OUTPUT_REFUSED",
    "REFUSED, 'Server error: someone is already publishing to path', PUBLISH_BUSY, OUTPUT_BUSY",
    "REFUSED, 'NetStream.Publish.BadName', PUBLISH_BUSY, OUTPUT_BUSY",
    "REFUSED, 'Server error: codec is not supported', PUBLISH_CODEC, OUTPUT_FAILED",
    "UNSUPPORTED, 'no muxer', PUBLISH_CODEC, OUTPUT_FAILED",
    "INVALID, 'no header', PUBLISH_CODEC, OUTPUT_FAILED",
    "IO, 'Input/output error', PUBLISH_FAILED, OUTPUT_FAILED",
    "TIMEOUT, 'no progress', PUBLISH_FAILED, OUTPUT_FAILED"
  })
  void whatTheServerSaysTellsTheReason(Kind kind, String message, Code in, Code out) {
    assertThat(codes(TrialVerdict.input(PATH, refused(kind, message, false)))).containsExactly(in);
    assertThat(codes(TrialVerdict.output(PATH, refused(kind, message, false))))
        .containsExactly(out);
    assertThat(codes(TrialVerdict.input(PATH, refused(kind, message, true))))
        .as("somebody else is listed there")
        .containsExactly(Code.PUBLISH_BUSY);
  }

  @Test
  void aConnectionThatWasMadeAndEndedIsToldFromOneThatWasNotMade() {
    PathTrial.Sight ended =
        new PathTrial.Sight(
            new TestPublisher.Failure(Kind.IO, "Broken pipe", 1_300), true, false, false, null);
    assertThat(TrialVerdict.input(PATH, ended).get(0).text())
        .isEqualTo("live/x/in was accepted and ended by the server after 1.3 s: Broken pipe");
    assertThat(TrialVerdict.input(PATH, refused(Kind.IO, "reset", false)).get(0).text())
        .isEqualTo("live/x/in: reset");
  }

  @Test
  void aPathThatIsAcceptedAndNeverThereIsNamedAndNotItsReading() {
    PathTrial.Sight never = new PathTrial.Sight(null, true, false, false, null);
    assertThat(codes(TrialVerdict.input(PATH, never))).containsExactly(Code.PATH_NOT_READY);
    assertThat(codes(TrialVerdict.output(PATH, never))).containsExactly(Code.OUTPUT_FAILED);
  }

  @Test
  void whatAReaderGetsTellsRefusedFromNothing() {
    Reading refused = new Reading(OutputCheck.UNKNOWN, "Operation not permitted");
    Reading ours = new Reading(OutputCheck.UNKNOWN, "Too many open files", true);
    Reading nothing = new Reading(OutputCheck.NOTHING, null);
    assertThat(codes(TrialVerdict.input(PATH, read(refused)))).containsExactly(Code.READ_REFUSED);
    assertThat(codes(TrialVerdict.output(PATH, read(refused))))
        .containsExactly(Code.OUTPUT_READ_REFUSED);
    assertThat(codes(TrialVerdict.input(PATH, read(nothing)))).containsExactly(Code.READ_FAILED);
    assertThat(codes(TrialVerdict.output(PATH, read(nothing))))
        .containsExactly(Code.OUTPUT_UNREADABLE);
    assertThat(codes(TrialVerdict.input(PATH, read(ours)))).isEmpty();
    assertThat(codes(TrialVerdict.input(PATH, read(null)))).isEmpty();
    assertThat(TrialVerdict.output(PATH, read(new Reading(OutputCheck.OK, null))))
        .allMatch(finding -> finding.level() == Level.OK);
  }
}
