package babelmux.worker.config;

import java.util.List;

/**
 * Settings of sources that the API names.
 *
 * @param allow the hosts that they may be read from
 */
public record SourcesConfig(AllowedHosts allow) {

  static final Setting<AllowedHosts> ALLOW =
      Setting.optional(
          "sources.allow",
          Parser.of(
              "host names and addresses such as cam.example,10.1.0.0/16,192.168.1.7",
              AllowedHosts::parse),
          "none, and POST /v1/streams is refused",
          "Hosts that the sources of POST /v1/streams may be read from. A range counts for the address"
              + " that is connected. A name counts for its addresses, but not for loopback and"
              + " link-local ones, which need a range (localhost does not).");

  static final List<Setting<?>> SETTINGS = List.of(ALLOW);

  static SourcesConfig from(Values values) {
    return new SourcesConfig(values.find(ALLOW).orElse(AllowedHosts.NONE));
  }
}
