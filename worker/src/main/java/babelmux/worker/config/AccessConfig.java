package babelmux.worker.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings of who may write, such as send hooks and end streams, and who may read.
 *
 * @param token asked for by every endpoint that writes or shows streams; null asks for none
 * @param tokenForHooks whether hooks need the token, too
 * @param trusted addresses other than loopback that hooks, and writes without a token, may come
 *     from
 * @param allowedHosts host names, in lower case, that a web page on this port may be reached by
 */
public record AccessConfig(
    @Nullable Secret token,
    boolean tokenForHooks,
    List<AddressRange> trusted,
    Set<String> allowedHosts) {

  /** This machine only. */
  public static final AccessConfig LOOPBACK = new AccessConfig(null, false, List.of(), Set.of());

  static final Setting<Secret> TOKEN =
      Setting.optional(
          "api.token",
          Parsers.secret("printable characters without blanks").orFile(),
          "writes are taken from this machine and from http.trusted, and everyone who reaches the port reads",
          "Token that requests must carry as Authorization: Bearer, except for metrics and health; browsers"
              + " trade it for a session. Never printed.");

  static final Setting<Boolean> TOKEN_FOR_HOOKS =
      Setting.of(
          "api.token-for-hooks",
          Parsers.bool(),
          "false",
          "Hooks need api.token, too, wherever they come from; mtx-hook sends it from"
              + " BABELMUX_API_TOKEN.");

  static final Setting<List<AddressRange>> TRUSTED =
      Setting.optional(
          "http.trusted",
          list("addresses such as 10.0.0.0/8,fd00::/8,192.168.1.7", AddressRange::parse),
          "this machine only",
          "Addresses that hooks, and without api.token all writes, are taken from; this machine is"
              + " always one of them. X-Forwarded-For is not looked at.");

  static final Setting<List<String>> ALLOWED_HOSTS =
      Setting.optional(
          "http.allowed-hosts",
          list("host names without scheme and port, such as dub.example", AccessConfig::host),
          "none",
          "Names under which web pages may read and write through a browser. IP addresses and localhost are"
              + " always allowed.");

  static final List<Setting<?>> HTTP_SETTINGS = List.of(TRUSTED, ALLOWED_HOSTS);
  static final List<Setting<?>> API_SETTINGS = List.of(TOKEN, TOKEN_FOR_HOOKS);

  /**
   * @throws IllegalArgumentException if hooks need a token and there is none
   */
  public AccessConfig {
    if (tokenForHooks && token == null) {
      throw new IllegalArgumentException("expected api.token to be set, too");
    }
    trusted = List.copyOf(trusted);
    allowedHosts = Set.copyOf(allowedHosts);
  }

  static @Nullable AccessConfig from(Values values) {
    Secret token = values.find(TOKEN).orElse(null);
    boolean tokenForHooks = values.get(TOKEN_FOR_HOOKS);
    List<AddressRange> trusted = values.find(TRUSTED).orElse(List.of());
    Set<String> hosts = Set.copyOf(values.find(ALLOWED_HOSTS).orElse(List.of()));
    return values.check(
        () -> new AccessConfig(token, tokenForHooks, trusted, hosts), TOKEN_FOR_HOOKS, TOKEN);
  }

  private static String host(String text) {
    return Parsers.host().read().apply(text).toLowerCase(Locale.ROOT);
  }

  private static <T> Parser<List<T>> list(String expected, Function<String, T> item) {
    return Parser.of(
        expected,
        text ->
            Stream.of(text.split(",", -1))
                .map(String::strip)
                .map(item)
                .collect(Collectors.toList()));
  }
}
