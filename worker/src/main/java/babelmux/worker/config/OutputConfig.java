package babelmux.worker.config;

import babelmux.media.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the output.
 *
 * @param urlTemplate the first destination of a stream
 * @param audioBitrateBps bits a second of the encoded audio
 * @param copyAudio whether original audio leaves as the source's own packets where it can
 * @param checkInterval how often each output is read back; zero for never
 * @param destinations where streams are sent beside that
 * @param destinationsAllow the hosts that the API may have streams sent to
 * @param caFile PEM certificates that servers are checked against beside the system's; null for
 *     none
 */
public record OutputConfig(
    OutputUrlTemplate urlTemplate,
    int audioBitrateBps,
    boolean copyAudio,
    Duration checkInterval,
    NamedDestinations destinations,
    AllowedHosts destinationsAllow,
    @Nullable Path caFile) {

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
          "Bits a second of the output's AAC audio where it is encoded.");

  static final Setting<Boolean> COPY_AUDIO =
      Setting.of(
          "output.copy-audio",
          Parsers.bool(),
          "true",
          "Original audio that is AAC-LC, mono or stereo, leaves as the packets that it came as;"
              + " false: it is encoded as the dubs are, at output.audio-bitrate.");

  static final Setting<Duration> CHECK_INTERVAL =
      Setting.of(
          "output.check-interval",
          Parsers.duration(Duration.ZERO, Duration.ofHours(1)),
          "1m",
          "How often each output on MediaMTX is read back for 2 s, as a viewer would; 0: never."
              + " One at a time, and none while more than 20 streams run.");

  static final Setting<NamedDestinations> DESTINATIONS =
      Setting.optional(
              "output.destinations",
              Parser.of(NamedDestinations.EXPECTED, NamedDestinations::parse)
                  .showing(NamedDestinations::shown)
                  .orFile(),
              "none",
              "Where streams are sent beside output.url-template, by name; in a file a mapping, as"
                  + " a flag once for each. A publisher chooses with ?to=NAME,NAME. A URL without"
                  + " {id} serves one stream at a time.")
          .flag("--destination")
          .map();

  static final Setting<AllowedHosts> DESTINATIONS_ALLOW =
      Setting.optional(
          "output.destinations-allow",
          Parser.of(
              "host names and addresses such as live.example,10.1.0.0/16,192.168.1.7",
              AllowedHosts::parse),
          "none, and POST /v1/streams/{id}/destinations is refused",
          "Hosts that POST /v1/streams/{id}/destinations may have a stream sent to. A range counts"
              + " for the address that is connected. A name counts for its addresses, but not for"
              + " loopback and link-local ones, which need a range (localhost does not).");

  static final Setting<Path> CA_FILE =
      Setting.optional(
          "output.ca-file",
          Parsers.certificates(),
          "the system's certificates",
          "PEM file of certificates to trust beside them when a stream is sent over rtmps.");

  static final List<Setting<?>> SETTINGS =
      List.of(
          URL_TEMPLATE,
          AUDIO_BITRATE,
          COPY_AUDIO,
          CHECK_INTERVAL,
          DESTINATIONS,
          DESTINATIONS_ALLOW,
          CA_FILE);

  static OutputConfig from(Values values) {
    return new OutputConfig(
        values.get(URL_TEMPLATE),
        values.get(AUDIO_BITRATE),
        values.get(COPY_AUDIO),
        values.get(CHECK_INTERVAL),
        values.find(DESTINATIONS).orElse(NamedDestinations.NONE),
        values.find(DESTINATIONS_ALLOW).orElse(AllowedHosts.NONE),
        values.find(CA_FILE).orElse(null));
  }
}
