package babelmux.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Requests that nobody who is sane sends to a worker's port. None of them is one that may be taken:
 * each has at least one fault. The same generator makes the same requests. Pure.
 */
final class Garbage {

  /** The kinds, each as often as the others. */
  enum Kind {
    RANDOM_BODY,
    TRUNCATED_JSON,
    HUGE_JSON,
    NESTED_JSON,
    WRONG_TYPES,
    HOSTILE_ID,
    ESCAPES,
    LONG_QUERY,
    LONG_TARGET,
    WRONG_METHOD,
    CONTENT_TYPE,
    UNKNOWN_PATH,
    BAD_TARGET,
    HEADER_FLOOD,
    FOREIGN_ORIGIN,
    OTHER_WRITES,
    NO_HTTP(false),
    BAD_FRAMING(false),
    HALF_OPEN(false);

    private final boolean answered;

    Kind() {
      this(true);
    }

    Kind(boolean answered) {
      this.answered = answered;
    }

    /** Whether an answer is due: what is no HTTP may be hung up on, too. */
    boolean answered() {
      return answered;
    }

    /** As the result has it. */
    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * A request, byte by byte.
   *
   * @param bytes all that is sent
   */
  @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
  record Request(Kind kind, byte[] bytes) {}

  private static final List<String> HOOKS =
      List.of(
          "/v1/mediamtx/events/ready",
          "/v1/mediamtx/events/not-ready",
          "/hooks/mediamtx/on-ready",
          "/hooks/mediamtx/ready",
          "/hooks/mediamtx/on-not-ready",
          "/hooks/mediamtx/not-ready");
  private static final String JSON = "application/json";
  private static final List<String> TYPES =
      List.of(
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/jsonx",
          "application/xml",
          "*/*",
          "application",
          ";;;",
          "\u00ff\u00fe");
  private static final List<String> METHODS =
      List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "PROPFIND", "HEAD");
  private static final List<String> PATHS =
      List.of(
          "/wp-login.php",
          "/v2/streams",
          "/.env",
          "/hooks/mediamtx",
          "/hooks/mediamtx/nope",
          "/v1/mediamtx/events",
          "/v1/mediamtx/events/ready/more",
          "/v1/streamsx",
          "/v1/streams/a/b/c/d",
          "/metrics/../../etc/passwd",
          "/%00",
          "/v1/\u00e4");
  private static final List<String> TARGETS =
      List.of("/%zz", "/%", "http://[::1", "*", "?", "/v1/%f", "no-slash");
  private static final List<String> IDS =
      List.of(
          "../../etc/passwd",
          "<script>alert(1)</script>",
          "a b",
          "a\\u0000b",
          "\\u202egnp",
          "%2e%2e",
          "a;rm -rf /",
          "$(reboot)",
          "`id`",
          "a/b",
          "",
          " ",
          "\\ud83d\\ude00",
          "\\ud800",
          "a\\r\\nSet-Cookie: x",
          "'or 1=1--",
          "{{7*7}}",
          "\\u00e4",
          "a.b");
  private static final List<String> ODD_VALUES =
      List.of(
          "1",
          "-1e999",
          "true",
          "null",
          "[]",
          "{}",
          "[\"live/a/in\"]",
          "{\"a\":1}",
          "0.1",
          "\"\"",
          "99999999999999999999");
  private static final List<String> ODD_STRINGS =
      List.of(
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\u001b[2J\"",
          "\"\\\\\\\\\"",
          "\"\\x41\"",
          "\"\\u12\"",
          "'single'",
          "\"open",
          "\"\\u202e\"",
          "\"\\r\\n\\r\\n\"");
  private static final int MAX_RANDOM_BYTES = 4_000;
  private static final int MIN_HUGE_BYTES = 70_000;
  private static final int MAX_HUGE_BYTES = 400_000;
  private static final int MAX_NESTING = 30_000;

  private final RandomGenerator random;

  /**
   * @param random such as a {@link java.util.SplittableRandom} with a seed
   */
  Garbage(RandomGenerator random) {
    this.random = random;
  }

  Request next() {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    return new Request(kind, bytes(kind));
  }

  private byte[] bytes(Kind kind) {
    return switch (kind) {
      case RANDOM_BODY -> hook(randomBytes(random.nextInt(MAX_RANDOM_BYTES)));
      case TRUNCATED_JSON -> truncated();
      case HUGE_JSON ->
          hook("{\"path\":\"" + "a".repeat(random.nextInt(MIN_HUGE_BYTES, MAX_HUGE_BYTES)) + "\"}");
      case NESTED_JSON -> nested();
      case WRONG_TYPES ->
          hook(object(any(ODD_VALUES), any(ODD_VALUES), any(ODD_VALUES), any(ODD_VALUES)));
      case HOSTILE_ID -> hook(object(hostilePath(), "\"rtmpConn\"", "\"x\"", "\"\""));
      case ESCAPES ->
          hook(object(any(ODD_STRINGS), any(ODD_STRINGS), any(ODD_STRINGS), any(ODD_STRINGS)));
      case LONG_QUERY ->
          hook(
              object(
                  hostilePath(),
                  "\"rtmpConn\"",
                  "\"x\"",
                  "\"" + escapes(random.nextInt(4_096, 30_000)) + "\""));
      case LONG_TARGET ->
          request(
              "POST", any(HOOKS) + "?" + escapes(random.nextInt(4_096, 30_000)), JSON, text("{}"));
      case WRONG_METHOD -> request(any(METHODS), any(HOOKS), JSON, text("{}"));
      case CONTENT_TYPE ->
          request("POST", any(HOOKS), random.nextInt(5) == 0 ? "" : any(TYPES), text(valid()));
      case UNKNOWN_PATH ->
          request(any(List.of("GET", "POST", "HEAD")), any(PATHS), JSON, text(valid()));
      case BAD_TARGET -> request("POST", any(TARGETS), JSON, text(valid()));
      case HEADER_FLOOD -> headerFlood();
      case FOREIGN_ORIGIN ->
          request(
              "POST",
              any(HOOKS),
              JSON,
              text(valid()),
              "Origin: http://" + word(12) + ".example\r\n");
      case OTHER_WRITES -> otherWrite();
      case NO_HTTP -> noHttp();
      case BAD_FRAMING -> badFraming();
      case HALF_OPEN -> halfOpen();
    };
  }

  // --- bodies ---

  /**
   * A hook that would be taken. Everything that is sent with it has to be refused for something
   * else.
   */
  private static String valid() {
    return object("\"live/garbage/in\"", "\"rtmpConn\"", "\"x\"", "\"\"");
  }

  private static String object(String path, String type, String id, String query) {
    return "{\"path\":"
        + path
        + ",\"sourceType\":"
        + type
        + ",\"sourceId\":"
        + id
        + ",\"query\":"
        + query
        + "}";
  }

  private String hostilePath() {
    return "\"live/" + any(IDS) + (random.nextBoolean() ? "/in\"" : "/in/../" + word(300) + "\"");
  }

  private byte[] truncated() {
    String whole = valid();
    return hook(whole.substring(0, random.nextInt(whole.length())));
  }

  private byte[] nested() {
    int depth = random.nextInt(100, MAX_NESTING);
    String open = random.nextBoolean() ? "[" : "{\"a\":";
    return hook(open.repeat(Math.min(depth, 60_000 / open.length())));
  }

  private String escapes(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(
          any(List.of("%25", "jwt%3D", "a", "&b=", "%", "(a|b)*", "+", "%u0000", "%C0%AF")));
    }
    return text.toString();
  }

  // --- requests ---

  private byte[] hook(String body) {
    return hook(text(body));
  }

  private byte[] hook(byte[] body) {
    return request("POST", any(HOOKS), JSON, body);
  }

  private static byte[] request(String method, String target, String type, byte[] body) {
    return request(method, target, type, body, "");
  }

  private static byte[] request(
      String method, String target, String type, byte[] body, String headers) {
    String head =
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
            + headers
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    return joined(text(head), body);
  }

  private byte[] headerFlood() {
    StringBuilder headers = new StringBuilder();
    int count = random.nextInt(50, 400);
    for (int i = 0; i < count; i++) {
      headers
          .append("X-")
          .append(word(8))
          .append(": ")
          .append(word(random.nextInt(1, 200)))
          .append("\r\n");
    }
    return request("POST", any(HOOKS), JSON, text("{"), headers.toString());
  }

  private byte[] otherWrite() {
    return switch (random.nextInt(5)) {
      case 0 -> request("POST", "/v1/streams", JSON, randomBytes(random.nextInt(MAX_RANDOM_BYTES)));
      case 1 ->
          request(
              "POST",
              "/v1/streams",
              JSON,
              text("{\"url\":\"file:///etc/passwd\",\"streamId\":\"" + word(9) + "\"}"));
      case 2 -> request("DELETE", "/v1/streams/" + word(20) + "?now=" + word(4), "", text(""));
      case 3 ->
          request(
              "POST",
              "/v1/streams/" + word(20) + "/bypass",
              JSON,
              text("{\"bypass\":" + any(ODD_VALUES) + "}"));
      default ->
          request("POST", "/v1/streams/" + word(20) + "/slots/" + word(3) + "/veto", "", text(""));
    };
  }

  private byte[] noHttp() {
    return switch (random.nextInt(5)) {
      case 0 -> joined(randomBytes(random.nextInt(1, 600)), text("\r\n\r\n"));
      case 1 -> text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      case 2 -> text("POST " + any(HOOKS) + "\r\n\r\n");
      case 3 -> joined(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01}, randomBytes(300));
      default -> text("GET / HTTP/9.9\r\nHost: a\r\n\r\n");
    };
  }

  private byte[] badFraming() {
    String head =
        "POST "
            + any(HOOKS)
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: "
            + JSON
            + "\r\n";
    return switch (random.nextInt(5)) {
      case 0 -> text(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
      case 1 -> text(head + "Content-Length: -5\r\n\r\n{}");
      case 2 -> text(head + "Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}{}{");
      case 3 ->
          text(
              head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
      default -> text(head + "Content-Length: 99999999999999999999\r\n\r\n{}");
    };
  }

  /** A part of a request: in the line, in the headers, or in the body. */
  private byte[] halfOpen() {
    byte[] whole = hook(valid());
    byte[] part = new byte[random.nextInt(whole.length)];
    System.arraycopy(whole, 0, part, 0, part.length);
    return part;
  }

  // --- words ---

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Letters. */
  private String word(int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }
}
