package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TestStreamsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final TestStreams tests = new TestStreams(nanos::get);
  private final List<String> told = new ArrayList<>();
  private final HookListener listener =
      tests.before(
          new HookListener() {
            @Override
            public HookVerdict ready(SourceEvent event) {
              told.add("ready " + event.streamId());
              return new HookVerdict.Started();
            }

            @Override
            public HookVerdict notReady(SourceEvent event) {
              told.add("not-ready " + event.streamId());
              return new HookVerdict.Stopped();
            }

            @Override
            public void output(SourceEvent event) {
              told.add("output " + event.streamId());
            }
          });

  private static SourceEvent event(String id, Direction direction) {
    return new SourceEvent("live/" + id + "/x", id, direction, "rtmpConn", "1", "", "c");
  }

  @Test
  void theHooksOfALiveOneAreNotedAndGoNoFurther() {
    String id = tests.issue();
    assertThat(id).matches(TestStreams.PREFIX + "[a-z2-7]{16}");
    assertThat(PathPattern.isStreamId(id)).isTrue();
    assertThat(tests.arrivals(id)).isEqualTo(TestStreams.Arrivals.NONE);
    assertThat(listener.ready(event(id, Direction.IN))).isInstanceOf(HookVerdict.Skipped.class);
    assertThat(tests.arrivals(id))
        .isEqualTo(new TestStreams.Arrivals(true, false, false, false, List.of()));
    assertThat(listener.notReady(event(id, Direction.IN))).isInstanceOf(HookVerdict.Skipped.class);
    listener.output(event(id, Direction.OUT));
    tests.hookRefused("token_missing");
    tests.hookRefused("token_missing");
    assertThat(tests.arrivals(id))
        .isEqualTo(new TestStreams.Arrivals(true, true, true, false, List.of("token_missing")));
    assertThat(told).isEmpty();
  }

  @Test
  void anIdOfThatFormWithoutALiveNonceStartsNothing() {
    String late = tests.issue();
    nanos.addAndGet(TestStreams.LIFE.toNanos() + 1);
    for (String id : List.of(late, TestStreams.PREFIX + "mine", TestStreams.PREFIX)) {
      assertThat(listener.ready(event(id, Direction.IN)))
          .isEqualTo(
              new HookVerdict.Skipped(
                  "no stream is started: ids that begin with babelmux-doctor- are kept for doctor"));
      assertThat(listener.notReady(event(id, Direction.IN)))
          .isInstanceOf(HookVerdict.Skipped.class);
      assertThat(tests.arrivals(id)).isEqualTo(TestStreams.Arrivals.NONE);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void allOtherStreamsAreTheWorkers() {
    tests.issue();
    listener.ready(event("demo", Direction.IN));
    listener.notReady(event("demo", Direction.IN));
    listener.output(event("demo", Direction.OUT));
    assertThat(told).containsExactly("ready demo", "not-ready demo", "output demo");
  }

  @Test
  void aListingIsWithoutThem() {
    String id = tests.issue();
    PathPattern pattern = PathPattern.parse(PathPattern.DEFAULT);
    List<ListedPath> all = new ArrayList<>();
    for (String name :
        List.of(
            "live/%s/in".formatted(id),
            "live/%s/out".formatted(id),
            "live/babelmux-doctor-late/in",
            "live/demo/in",
            "other")) {
      all.add(new ListedPath(name, true, "rtmpConn", "1", List.of(), 0));
    }
    PathListing left = tests.without(new PathListing(all, true), pattern);
    assertThat(left.paths().stream().map(ListedPath::name))
        .containsExactly("live/demo/in", "other");
    assertThat(tests.arrivals(id).listed()).isTrue();
    assertThat(tests.without(new PathListing(List.of(), false), pattern).complete()).isFalse();
  }

  @Test
  void noTwoHaveTheSameNonce() {
    assertThat(tests.issue()).isNotEqualTo(tests.issue());
  }
}
