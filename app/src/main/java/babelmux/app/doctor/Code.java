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
      "streams go on in original audio until it does; start it, open its port, or correct --sts-url (`babelmux"
          + " sts-echo` is a stand-in)"),
  STS_PROTOCOL(
      502,
      Level.FAIL,
      "sts",
      "what answers at the STS's address is no Socket.IO server",
      "correct --sts-url or --sts-path"),
  STS_NAME(
      503,
      Level.FAIL,
      "sts",
      "the STS's host name is not known",
      "correct --sts-url, or the name server of this machine"),
  STS_PORT(
      504,
      Level.FAIL,
      "sts",
      "nothing listens at the STS's address",
      "start the STS, or correct the port of --sts-url (`babelmux sts-echo` is a stand-in)"),
  STS_CERTIFICATE(
      505,
      Level.FAIL,
      "sts",
      "the STS's certificate is not trusted",
      "set --sts-ca-file to the certificate that signed it, and use the name that it is for"),
  STS_TLS(
      506,
      Level.FAIL,
      "sts",
      "the STS's port speaks no TLS",
      "use http:// in --sts-url, or the STS's TLS port"),
  STS_NAMESPACE(
      507,
      Level.FAIL,
      "sts",
      "the STS does not have the namespace",
      "correct --sts-namespace; nearly every STS has /"),
  STS_TOKEN(
      508,
      Level.FAIL,
      "sts",
      "the STS refuses the token",
      "correct --sts-token; while streams run, SIGHUP reads it again"),
  STS_TURNED_AWAY(
      509,
      Level.FAIL,
      "sts",
      "the STS refuses the connection",
      "look into the STS's log, and into that of a proxy before it"),
  STS_MESSAGE_LIMIT(
      510,
      Level.FAIL,
      "sts",
      "the STS takes only messages that are shorter than a fragment",
      "raise its limit to 10 MiB (maxHttpBufferSize, max_http_buffer_size), and that of a proxy before it"),
  STS_LANGUAGE(
      511,
      Level.FAIL,
      "sts",
      "the STS does not dub these languages",
      "correct --source-language and --target-language, or take another STS"),
  STS_VOICE(
      512, Level.WARN, "sts", "the STS does not know the voice", "correct --sts-voice-profile"),
  STS_INIT_REFUSED(
      513,
      Level.FAIL,
      "sts",
      "the STS refuses the session",
      "look into the STS's log: a model that did not load is answered in this way, too"),
  STS_NO_READY(
      514,
      Level.FAIL,
      "sts",
      "the STS does not answer stream:init",
      "look into the STS's log: a model that is still being loaded looks like this"),
  STS_NO_DUB(
      515,
      Level.FAIL,
      "sts",
      "the STS does not answer a fragment",
      "look into the STS's log; streams are heard in original audio"),
  STS_LATE(516, Level.FAIL, "sts", "the STS answers later than its limit", null),
  STS_FRAGMENT_FAILED(
      517,
      Level.FAIL,
      "sts",
      "the STS fails on a fragment",
      "look for this code in the STS's log; docs/sts.md says what it means"),
  STS_UNUSABLE(
      518,
      Level.FAIL,
      "sts",
      "the STS's answer cannot be used as a dub",
      "docs/sts.md says which audio the worker takes"),
  STS_LENGTH(
      519,
      Level.WARN,
      "sts",
      "the STS's answer is not as long as its fragment",
      "make dubs as long as their fragment: others are padded or sped up. The test signal is no speech, so an STS may answer otherwise to a voice"),
  STS_SILENT(
      520,
      Level.WARN,
      "sts",
      "the STS's answer is silent",
      "the test signal is no speech: an STS that finds no words in it is right to be silent. Listen to a stream"),
  STS_LOST(
      521,
      Level.FAIL,
      "sts",
      "the STS ends the connection",
      "look into the STS's log, and into that of a proxy before it"),
  STS_DELAY(522, Level.WARN, "sts pace", "the delay is too short for this STS", null),
  STS_MEASURE(
      523,
      Level.WARN,
      "sts pace",
      "the STS did not answer every fragment of the measurement",
      "look into the STS's log; an STS that is warm may do better"),
  STS_MESSAGE_LIMIT_TIGHT(
      524,
      Level.WARN,
      "sts",
      "the STS takes only messages that are shorter than a fragment of a good source",
      "raise its limit to 10 MiB (maxHttpBufferSize, max_http_buffer_size), and that of a proxy before it");

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
