package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.Reconciliation.Candidate;
import babelmux.hooks.Reconciliation.Running;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconciliationTest {

  private static final PathPattern PATHS = PathPattern.parse(PathPattern.DEFAULT);
  private static final long ASKED = 1000;

  private static ListedPath path(String name, String id) {
    return new ListedPath(name, true, "rtmpConn", id, List.of("H264", "MPEG-4 Audio"), 1);
  }

  private static Reconciliation reconcile(List<ListedPath> listed, Running... running) {
    return Reconciliation.of(new PathListing(listed, true), List.of(running), PATHS, ASKED);
  }

  @Test
  void startsWhatIsListedAndDoesNotRun() {
    assertThat(reconcile(List.of(path("live/a/in", "1"), path("live/b/in", "2"))).start())
        .containsExactly(
            new Candidate("live/a/in", "a", "rtmpConn", "1"),
            new Candidate("live/b/in", "b", "rtmpConn", "2"));
  }

  @Test
  void leavesWhatRunsWithTheSameSource() {
    Reconciliation result =
        reconcile(List.of(path("live/a/in", "1")), new Running("live/a/in", "1", true, 0));
    assertThat(result.start()).isEmpty();
    assertThat(result.end()).isEmpty();
  }

  @Test
  void namesASourceThatIsAnotherOneOrCameBack() {
    assertThat(
            reconcile(List.of(path("live/a/in", "2")), new Running("live/a/in", "1", true, 0))
                .start())
        .hasSize(1);
    assertThat(
            reconcile(List.of(path("live/a/in", "")), new Running("live/a/in", null, false, 0))
                .start())
        .hasSize(1);
  }

  @Test
  void ignoresOutputsForeignPathsSlatesAndPathsNotReady() {
    assertThat(
            reconcile(
                    List.of(
                        path("live/a/out", "1"),
                        path("studio", "2"),
                        path("live/../in", "3"),
                        new ListedPath("live/b/in", false, "rtmpConn", "4", List.of(), 0),
                        new ListedPath("live/c/in", true, "", "", List.of("H264"), 0)))
                .start())
        .isEmpty();
  }

  @Test
  void endsASessionWhoseSourceIsGone() {
    assertThat(reconcile(List.of(), new Running("live/a/in", "1", false, 0)).end())
        .containsExactly("live/a/in");
  }

  @Test
  void sessionThatStillReadsIsNotEndedByAListing() {
    assertThat(reconcile(List.of(), new Running("live/a/in", "1", true, 0)).end()).isEmpty();
  }

  @Test
  void sessionYoungerThanTheListingIsNotJudged() {
    assertThat(reconcile(List.of(), new Running("live/a/in", "1", false, ASKED)).end()).isEmpty();
  }

  @Test
  void incompleteListingEndsNothing() {
    Reconciliation result =
        Reconciliation.of(
            new PathListing(List.of(path("live/b/in", "2")), false),
            List.of(new Running("live/a/in", "1", false, 0)),
            PATHS,
            ASKED);
    assertThat(result.end()).isEmpty();
    assertThat(result.start()).hasSize(1);
  }
}
