package babelmux.worker.config;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** The kinds of values that settings have. */
final class Parsers {

  private static final Pattern HOST =
      Pattern.compile(
          "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\\w+)?\\]?");
  private static final Pattern BITS = Pattern.compile("(\\d{1,9})(k|K|M)?");

  private Parsers() {}

  static Parser<String> text(String expected, Predicate<String> good) {
    return Parser.of(
        expected,
        text -> {
          require(good.test(text));
          return text;
        });
  }

  static Parser<String> matching(String expected, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return text(expected, text -> compiled.matcher(text).matches());
  }

  /** A name or an address without scheme and port; an IPv6 address may stand in brackets. */
  static Parser<String> host() {
    return text(
        "a host name or an address, without scheme and port", text -> HOST.matcher(text).matches());
  }

  static Parser<Integer> integer(String what, int min, int max) {
    return Parser.of(
        what + ", " + min + " to " + max,
        text -> {
          int value = Integer.parseInt(text);
          require(value >= min && value <= max);
          return value;
        });
  }

  /** A number with or without a fraction. */
  static Parser<Double> decimal(String what, double min, double max) {
    Pattern digits = Pattern.compile("-?\\d{1,6}(\\.\\d{1,6})?");
    return Parser.of(
        "%s, %s to %s".formatted(what, plain(min), plain(max)),
        text -> {
          require(digits.matcher(text).matches());
          double value = Double.parseDouble(text);
          require(value >= min && value <= max);
          return value;
        });
  }

  /** Decibels: {@code -18dB}, {@code -18}. */
  static Parser<Double> decibels(double min, double max) {
    Parser<Double> number = decimal("decibels", min, max);
    return Parser.of(
        number.expected() + ", such as %sdB".formatted(plain(Math.rint((min + max) / 2))),
        text -> {
          boolean unit = text.length() > 2 && text.toLowerCase(Locale.ROOT).endsWith("db");
          return number.read().apply(unit ? text.substring(0, text.length() - 2) : text);
        });
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  static Parser<Boolean> bool() {
    return Parser.of(
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "yes", "on", "1" -> true;
              case "false", "no", "off", "0" -> false;
              default -> throw new IllegalArgumentException("not a truth value");
            });
  }

  static Parser<Duration> duration(Duration min, Duration max) {
    return Parser.of(
        "a duration from %s to %s, such as 14.5s, 500ms or PT15M"
            .formatted(Durations.format(min), Durations.format(max)),
        text -> {
          Duration value = Durations.parse(text);
          require(value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
          return value;
        });
  }

  /** Bits a second: {@code 128k}, {@code 128000}. */
  static Parser<Integer> bitrate(int minBits, int maxBits) {
    return Parser.of(
        "bits a second from %dk to %dk, such as 128k".formatted(minBits / 1000, maxBits / 1000),
        text -> {
          var matcher = BITS.matcher(text);
          require(matcher.matches());
          String unit = matcher.group(2) == null ? "" : matcher.group(2).toLowerCase(Locale.ROOT);
          int scale = unit.equals("k") ? 1000 : unit.equals("m") ? 1_000_000 : 1;
          int value = Math.multiplyExact(Integer.parseInt(matcher.group(1)), scale);
          require(value >= minBits && value <= maxBits);
          return value;
        });
  }

  static <E extends Enum<E>> Parser<E> oneOf(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return Parser.of("one of " + names, text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
  }

  static Parser<Secret> secret(String expected) {
    return Parser.of(
            expected,
            text -> {
              require(!text.isBlank() && text.chars().allMatch(c -> c >= 0x21 && c < 0x7f));
              return Secret.known(text);
            })
        .showing(text -> Secret.SHOWN);
  }

  /** A regular expression whose first group is the stream id; MediaMTX's ~ may stand before it. */
  static Parser<Pattern> patternWithGroup() {
    return Parser.of(
        "a regular expression with one group, the stream id",
        text -> {
          try {
            // With it, the pattern would match no path, and the output never be taken for an input.
            Pattern pattern = Pattern.compile(text.startsWith("~") ? text.substring(1) : text);
            require(pattern.matcher("").groupCount() == 1);
            return pattern;
          } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  static Parser<Path> readableFile() {
    return Parser.of(
        "a file that can be read",
        text -> {
          Path path = Path.of(text);
          require(Files.isRegularFile(path) && Files.isReadable(path));
          return path;
        });
  }

  static Parser<Path> certificates() {
    return Parser.of(
        "a file of PEM certificates that can be read",
        text -> {
          Path path = Path.of(text);
          try (InputStream in = Files.newInputStream(path)) {
            require(!CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty());
            return path;
          } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(e);
          }
        });
  }

  static void require(boolean good) {
    if (!good) {
      throw new IllegalArgumentException("not as expected");
    }
  }
}
