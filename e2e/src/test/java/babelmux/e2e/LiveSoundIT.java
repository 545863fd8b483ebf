package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Sound;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A live stream with a bed and matched loudness; what the mix sounds like, {@link SoundIT} says.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class LiveSoundIT {
  @Test
  void aLiveStreamWithABedAndLoudnessIsWholeAndInItsPlace() throws Exception {
    Path folder = Films.folder(LiveSoundIT.class);
    Path film = Films.cut(Films.counting(), folder.resolve("live-in.mp4"), 16);
    Map<String, String> settings =
        Map.of(
            "delay",
            "10s",
            "output.url-template",
            "file://" + folder.toAbsolutePath() + "/{id}.flv",
            "bed.enabled",
            "true",
            "loudness.match",
            "true");
    try (Running running = Running.start(StsEchoConfig.builder().voice(VoiceKind.ECHO), settings)) {
      JsonNode status = running.play("live", film);
      assertThat(status.path("segments").path("dubbed").asInt()).isEqualTo(3);
      Report.measured("live, bed and loudness: fitted", status.path("segments").path("fitted"));
      double packets = running.metric("worker_packets_received_total", "live", "type=\"audio\"");
      double limited = running.metric("worker_limited_seconds_total", "live", "");
      AvReport report = AvReport.of(Meter.read(film), Meter.read(folder.resolve("live.flv")));
      Sound sound = Sound.read(folder.resolve("live.flv"));
      Report.measured(
          "live, bed and loudness: samples received, written",
          Math.round(packets * 1024) + ", " + sound.length());
      Report.measured("live, bed and loudness: limited, s", limited);
      Report.measured(
          "live, bed and loudness: added A/V error max, ms", report.addedAv().maxUs() / 1e3);
      // The file announces no priming.
      assertThat(sound.length() - 1024.0).isCloseTo(packets * 1024, within(1024.0));
      assertThat(report.audioGaps()).isEmpty();
      assertThat(report.addedAv().maxUs()).isLessThan(21_300);
    }
  }
}
