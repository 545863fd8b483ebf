package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.Direction;
import babelmux.hooks.SourceEvent;
import babelmux.worker.config.AllowedHosts;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.destinations.DestinationUrl;
import babelmux.worker.hosts.HostGuard;
import babelmux.worker.streams.DestinationVerdict.Reason;
import babelmux.worker.streams.DestinationVerdict.Refused;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DestinationControlTest {
  private final List<FakeStream> started = new ArrayList<>();
  private final StreamRegistry registry = FakeStream.registry(started, 10, Duration.ofMinutes(15));

  private DestinationControl control(String allow) {
    Map<String, String> flags =
        allow.isEmpty() ? Map.of() : Map.of("output.destinations-allow", allow);
    AllowedHosts allowed =
        ConfigLoader.load(flags, Map.of(), null).config().output().destinationsAllow();
    return new DestinationControl(
        registry,
        new HostGuard(
            "output.destinations-allow", allowed, host -> List.of(InetAddress.getByName(host))));
  }

  private void start(String id) {
    registry.ready(
        new SourceEvent("live/" + id + "/in", id, Direction.IN, "rtmpConn", id, "", "test"));
  }

  private static Reason add(DestinationControl control, String id, String url) throws Exception {
    DestinationVerdict verdict =
        control.add(new DestinationRequest(id, "youtube", DestinationUrl.parse(url)));
    assertThat(verdict).isInstanceOf(Refused.class);
    return ((Refused) verdict).reason();
  }

  @Test
  void aHostMustBeInTheListAndTheStreamMustRun() throws Exception {
    start("a");
    DestinationControl control = control("203.0.113.0/24");
    // The stream itself has the last word: it has got as far as that.
    assertThat(add(control, "a", "rtmp://203.0.113.7/a/b")).isEqualTo(Reason.NAME_IN_USE);
    assertThat(add(control, "a", "rtmp://127.0.0.1/a/b")).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(add(control, "a", "srt://10.0.0.1:9000")).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(add(control, "none", "rtmp://203.0.113.7/a/b")).isEqualTo(Reason.NO_STREAM);
    started.get(0).end();
    assertThat(add(control, "a", "rtmp://203.0.113.7/a/b")).isEqualTo(Reason.STREAM_OVER);
  }

  @Test
  void withoutTheSettingEveryHostIsRefusedByItsName() throws Exception {
    start("a");
    DestinationVerdict verdict =
        control("")
            .add(
                new DestinationRequest(
                    "a", "youtube", DestinationUrl.parse("rtmp://203.0.113.7/a/secret-key")));
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.NOT_ALLOWED);
              assertThat(refused.message()).startsWith("output.destinations-allow is not set");
              assertThat(refused.message()).doesNotContain("secret-key");
            });
  }

  @Test
  void oneThatIsTakenAwayIsTakenFromTheStreamThatRuns() throws Exception {
    start("a");
    DestinationControl control = control("");
    assertThat(control.remove("a", "youtube")).isInstanceOf(DestinationVerdict.Removed.class);
    assertThat(((Refused) control.remove("none", "youtube")).reason()).isEqualTo(Reason.NO_STREAM);
  }
}
