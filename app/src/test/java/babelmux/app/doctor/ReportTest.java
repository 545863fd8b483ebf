package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Secrets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static Report report(Finding... findings) {
    return Report.of(Instant.EPOCH, "1.2", 34, List.of(findings));
  }

  @Test
  void itIsAsBadAsItsWorstFinding() {
    Finding ok = Finding.ok("java", "17");
    Finding unknown = Finding.unknown("input", "SRT is UDP");
    Finding warn = Finding.of(Code.API_UNREACHABLE, "connection refused");
    Finding fail = Finding.of(Code.RTMP_UNREACHABLE, "connection refused");
    assertThat(report().level()).isEqualTo(Level.OK);
    assertThat(report(ok).level()).isEqualTo(Level.OK);
    assertThat(report(unknown, ok).level()).isEqualTo(Level.UNKNOWN);
    assertThat(report(ok, warn, unknown).level()).isEqualTo(Level.WARN);
    assertThat(report(warn, fail, ok).level()).isEqualTo(Level.FAIL);
  }

  @Test
  void aFindingIsOneLineWithItsCodeAndWhatToDo() {
    assertThat(Finding.of(Code.RTMP_UNREACHABLE, "rtmp://h:1935 does not answer").line())
        .isEqualTo(
            "fail     BMX-201  rtmp           rtmp://h:1935 does not answer: "
                + Code.RTMP_UNREACHABLE.remedy());
    assertThat(Finding.ok("java", "version 17").line())
        .isEqualTo("ok       -        java           version 17");
  }

  @Test
  void whateverServersSayAFindingIsOneLineWithoutWhatIsKnownToBeSecret() {
    Secrets.know("tok3n-of-a-server");
    Finding finding =
        Finding.of(Code.STS_TURNED_AWAY, "no\nok - all well \u001b[2J tok3n-of-a-server \u202e");
    assertThat(finding.line().lines()).hasSize(1);
    assertThat(finding.text()).isEqualTo("no\\u000aok - all well \\u001b[2J *** \\u202e");
    assertThat(Finding.ok("x", "y".repeat(1 << 20)).text()).hasSizeLessThan(2_100);
  }

  @Test
  void whatIsNoReportIsNotTakenForOne() {
    String report = report(Finding.ok("java", "17")).json();
    assertThat(Report.parse(report)).isPresent();
    assertThat(Report.parse(report.replace("\"level\"", "\"grade\""))).isEmpty();
    assertThat(Report.parse(report.replace("findings", "found"))).isEmpty();
    assertThat(Report.parse("{}")).isEmpty();
    assertThat(Report.parse("[".repeat(100_000))).isEmpty();
  }

  @Test
  void itsJsonHasTheCodeAndNullWhereThereIsNone() {
    String json =
        report(Finding.ok("java", "version 17"), Finding.of(Code.PORT, "8080 is taken"))
            .json()
            .replaceAll("\\s+", " ");
    assertThat(json)
        .startsWith(
            "{ \"time\" : \"1970-01-01T00:00:00Z\", \"version\" : \"1.2\", \"level\" : \"fail\", \"tookMs\" : 34,")
        .contains(
            "{ \"level\" : \"ok\", \"code\" : null, \"subject\" : \"java\", \"text\" : \"version 17\", \"advice\" : null }",
            "{ \"level\" : \"fail\", \"code\" : \"BMX-104\", \"subject\" : \"http port\", \"text\" : \"8080 is taken\","
                + " \"advice\" : \""
                + Code.PORT.remedy()
                + "\" }");
  }
}
