package babelmux.app.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import babelmux.faultproxy.Direction;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrillStepTest {
  private static final Set<String> PARTS = Set.of("sts");
  private static final Set<Direction> BOTH = Set.of(Direction.values());

  private static DrillStep.Begin begin(String line) {
    return (DrillStep.Begin) DrillStep.parse(line, PARTS);
  }

  @Test
  void readsAWait() {
    assertThat(DrillStep.parse(" wait 30s ", PARTS))
        .isEqualTo(new DrillStep.Wait("wait 30s", Duration.ofSeconds(30)));
  }

  @Test
  void readsAFaultWithAllThatItMayHave() {
    assertThat(begin("sts  delay\t500ms to-server for 1m"))
        .isEqualTo(
            new DrillStep.Begin(
                "sts  delay\t500ms to-server for 1m",
                "sts",
                Fault.DELAY,
                "500ms",
                Set.of(Direction.TO_SERVER),
                Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "sts stall, STALL, ''",
    "sts throttle 500k, THROTTLE, 500k",
    "sts throttle 1000M, THROTTLE, 1000M",
    "sts slice 1, SLICE, 1",
    "sts half-open, HALF_OPEN, ''",
    "sts refuse, REFUSE, ''",
    "sts down, DOWN, ''",
    "sts cut, CUT, ''",
    "sts reset, RESET, ''",
    "sts clear, CLEAR, ''"
  })
  void readsEveryFault(String line, Fault fault, String value) {
    DrillStep.Begin step = begin(line);
    assertThat(step.fault()).isEqualTo(fault);
    assertThat(step.value()).isEqualTo(value);
    assertThat(step.directions()).isEqualTo(BOTH);
    assertThat(step.time()).isNull();
  }

  @Test
  void theHelpNamesEveryFault() {
    String help = String.join("\n", DrillStep.HELP);
    for (Fault fault : Fault.values()) {
      assertThat(help).contains("NAME " + fault.word() + " ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"|'', expected wait or one of sts",
        "wait|ends early, expected a duration",
        "wait 5|'5', expected a duration from 1ms to 1h",
        "wait 2h|'2h', expected a duration from 1ms to 1h",
        "wait 1s more|'more', expected nothing more",
        "rtmp stall|'rtmp', expected wait or one of sts",
        "sts|ends early, expected a fault",
        "sts fly|'fly', expected one of stall, delay, throttle, slice, half-open, refuse, down, cut,"
            + " reset, clear",
        "sts delay|ends early, expected time",
        "sts delay soon|'soon', expected a duration from 1ms to 1h",
        "sts throttle 500|'500', expected bits a second, 1k to 1000M",
        "sts throttle 1001M|'1001M', expected bits a second",
        "sts throttle 0k|'0k', expected bits a second",
        "sts slice 0|'0', expected a number of bytes",
        "sts slice 9999999|'9999999', expected a number of bytes",
        "sts stall for|ends early, expected a duration",
        "sts stall sideways|'sideways', expected nothing more",
        "sts cut for 5s|'for', expected nothing more",
        "sts refuse to-server|'to-server', expected nothing more"
      })
  void refusesTheRestAndSaysWhatWasExpected(String line, String said) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DrillStep.parse(line, PARTS))
        .withMessageContaining(said)
        .withMessageStartingWith("step '" + line + "': ");
  }
}
