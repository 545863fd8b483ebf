package babelmux.worker.config;

import babelmux.media.Secrets;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the output.
 *
 * @param urlTemplate the first destination of a stream
 * @param audioBitrateBps bits a second of the encoded audio
 * @param checkInterval how often each output is read back; zero for never
 */
public record OutputConfig(
    OutputUrlTemplate urlTemplate, int audioBitrateBps, Duration checkInterval) {

  static final Setting<OutputUrlTemplate> URL_TEMPLATE =
      Setting.of(
          "output.url-template",
          Parser.of(
                  "a URL (rtmp, rtmps, srt, rtsp, file) or {rtmp-url}/path with {id} in it; further"
                      + " placeholders: {source-language}, {target-language}",
                  OutputUrlTemplate::parse)
              .showing(Secrets::maskUrl)
              .orFile(),
          "{rtmp-url}/live/{id}/out",
          "Where a stream's output goes. {rtmp-url} (at the beginning) is mediamtx.rtmp-url, {id} the"
              + " stream id.");

  static final Setting<Integer> AUDIO_BITRATE =
      Setting.of(
          "output.audio-bitrate",
          Parsers.bitrate(32_000, 512_000),
          "128k",
          "Bits a second of the output's AAC audio.");

  static final Setting<Duration> CHECK_INTERVAL =
      Setting.of(
          "output.check-interval",
          Parsers.duration(Duration.ZERO, Duration.ofHours(1)),
          "1m",
          "How often each output on MediaMTX is read back for 2 s, as a viewer would; 0: never."
              + " One at a time, and none while more than 20 streams run.");

  static final List<Setting<?>> SETTINGS = List.of(URL_TEMPLATE, AUDIO_BITRATE, CHECK_INTERVAL);

  static OutputConfig from(Values values) {
    return new OutputConfig(
        values.get(URL_TEMPLATE), values.get(AUDIO_BITRATE), values.get(CHECK_INTERVAL));
  }
}
