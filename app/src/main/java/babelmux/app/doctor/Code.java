package babelmux.app.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Every fault that doctor names. The label of a code is never given to another fault; each one is
 * explained in {@code docs/doctor.md}, which a test holds equal to this list.
 */
public enum Code {
  /** Remarks of the settings: without effect, or most likely a slip. */
  SETTINGS(101, Level.WARN, "settings", "a setting is most likely a slip", null),
  JAVA(102, Level.FAIL, "java", "Java is too old", "install Java 17 or newer"),
  NATIVES(
      103,
      Level.FAIL,
      "ffmpeg",
      "FFmpeg's native libraries do not load",
      "babelmux runs on Linux x86_64 and arm64 and on macOS arm64; in a container, let the program write to"
          + " its home directory or set org.bytedeco.javacpp.cachedir"),
  PORT(
      104,
      Level.FAIL,
      "http port",
      "the worker's port cannot be bound",
      "stop what runs there, or choose another with --host and --port"),
  CERTIFICATE_ENDS(
      105,
      Level.WARN,
      "certificate",
      "the certificate of the port ends soon, or has ended",
      "renew it, then send serve SIGHUP"),
  CERTIFICATE(
      106,
      Level.FAIL,
      "certificate",
      "the certificate of the port cannot be used",
      "correct http.tls-cert and http.tls-key"),

  RTMP_UNREACHABLE(
      201,
      Level.FAIL,
      "rtmp",
      "MediaMTX's RTMP address does not answer",
      "start MediaMTX (or `babelmux origin`), or correct --rtmp-url or MEDIAMTX_HOST"),
  INPUT_UNREACHABLE(
      202,
      Level.FAIL,
      "input",
      "the address that streams are read from does not answer",
      "switch its protocol on in mediamtx.yml, or correct --input-url-template"),
  API_UNREACHABLE(
      203,
      Level.WARN,
      "control api",
      "MediaMTX's Control API does not answer",
      "hooks work without it, but a lost hook is not made up for; set api: yes in mediamtx.yml, or correct"
          + " --mediamtx-api"),

  STS_UNREACHABLE(
      501,
      Level.FAIL,
      "sts",
      "the STS does not answer",
      "streams go on in original audio until it is there; start it, or correct --sts-url (`babelmux sts-echo`"
          + " is a stand-in)"),
  STS_PROTOCOL(
      502,
      Level.FAIL,
      "sts",
      "what answers at the STS's address is no Socket.IO server",
      "correct --sts-url or --sts-path; a server that has polling switched off looks like this, too");

  private final int number;
  private final Level level;
  private final String subject;
  private final String title;
  private final @Nullable String remedy;

  Code(int number, Level level, String subject, String title, @Nullable String remedy) {
    this.number = number;
    this.level = level;
    this.subject = subject;
    this.title = title;
    this.remedy = remedy;
  }

  /** As everything shows it, such as {@code BMX-201}. */
  @JsonValue
  public String label() {
    return "BMX-" + number;
  }

  /** How bad the fault is. */
  public Level level() {
    return level;
  }

  /** What was looked at, one or two words. */
  public String subject() {
    return subject;
  }

  /** The fault, a clause. */
  public String title() {
    return title;
  }

  /** What to do; null where that depends on what was found. */
  public @Nullable String remedy() {
    return remedy;
  }
}
