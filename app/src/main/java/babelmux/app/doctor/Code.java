package babelmux.app.doctor;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Every fault that doctor names. The label of a code is never given to another fault; each one is
 * explained in {@code docs/doctor.md}, which a test holds equal to this list.
 */
public enum Code {
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
  MEMORY(107, Level.FAIL, "memory", "the memory is not enough for one stream", null),
  MEMORY_STREAMS(108, Level.WARN, "memory", "the memory is not enough for max-streams", null),
  DESCRIPTORS(
      109, Level.WARN, "descriptors", "the file descriptors are not enough for max-streams", null),
  CLOCK(
      110,
      Level.WARN,
      "clock",
      "the clock of this machine and that of a server differ, or the clock was set meanwhile",
      "let NTP set the clocks: times in logs, recordings and tokens depend on them"),
  FOLDER(
      111,
      Level.FAIL,
      "folder",
      "a folder of the settings cannot be written",
      "make it, give it to the user of the worker, or correct the setting"),
  WORKER_REFUSES(
      112,
      Level.FAIL,
      "worker",
      "a worker runs on the port and does not let doctor ask it",
      "give doctor the settings of that worker, above all api.token, and run it on the same machine"),

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
  API_REFUSED(
      204,
      Level.WARN,
      "control api",
      "MediaMTX's Control API refuses the worker",
      "give the worker's user or address the action api in authInternalUsers, or correct user and password"
          + " in --mediamtx-api"),
  API_FOREIGN(
      205,
      Level.WARN,
      "control api",
      "what answers at the Control API's address is not MediaMTX's Control API",
      "correct --mediamtx-api: apiAddress in mediamtx.yml has the port, usually 9997"),
  API_OPEN(
      206,
      Level.WARN,
      "api access",
      "strangers may use MediaMTX's Control API, and so run commands on its host",
      "take the action api from the user any, or give that entry ips: [127.0.0.1, \"::1\"]; or set"
          + " apiAddress: 127.0.0.1:9997"),
  OLD_VERSION(
      207,
      Level.WARN,
      "control api",
      "this MediaMTX is older than babelmux is made for",
      "install 1.9 or newer; babelmux is tested with 1.20.1 (deploy/mediamtx/install.sh)"),
  IN_NOT_CONFIGURED(
      208,
      Level.FAIL,
      "path in",
      "MediaMTX has no path for the inputs",
      "add the path ~^live/([A-Za-z0-9_-]{1,64})/in$ with its hooks to mediamtx.yml, as in"
          + " deploy/mediamtx/mediamtx.yml"),
  OUT_NOT_CONFIGURED(
      209,
      Level.FAIL,
      "path out",
      "MediaMTX has no path for the outputs",
      "add the path ~^live/([A-Za-z0-9_-]{1,64})/out$ to mediamtx.yml"),
  OTHER_WORKER(
      210,
      Level.WARN,
      "other worker",
      "somebody else publishes outputs on this MediaMTX",
      "one worker per MediaMTX: stop the other one, or give it a server of its own"),

  HOOK_MISSING(
      301,
      Level.FAIL,
      "hooks",
      "no hook tells the worker that an input is there",
      "set runOnReady on the path of the inputs, as in deploy/mediamtx/mediamtx.yml"),
  NOT_READY_HOOK_MISSING(
      302,
      Level.WARN,
      "hooks",
      "no hook tells the worker that an input is gone",
      "set runOnNotReady on the path of the inputs, as in deploy/mediamtx/mediamtx.yml"),
  HOOK_ON_OUTPUT(
      303,
      Level.WARN,
      "hooks",
      "the hooks run for outputs, too",
      "set them on the path of the inputs only: each output costs processes and a request for nothing"),
  HOOK_PROGRAM_MISSING(
      304,
      Level.FAIL,
      "hook program",
      "the hook's program is not there",
      "correct runOnReady, or BABELMUX_HOOK in MediaMTX's environment"),
  HOOK_NOT_EXECUTABLE(
      305,
      Level.FAIL,
      "hook program",
      "the hook's program cannot be executed",
      "chmod +x it, on a file system that is not mounted noexec"),
  HOOK_CLIENT_MISSING(
      306,
      Level.FAIL,
      "hook program",
      "the hook's program finds neither curl nor wget",
      "install one of them where MediaMTX runs, or use the image bluenviron/mediamtx:<version>-ffmpeg"),
  HOOK_ELSEWHERE(
      307,
      Level.FAIL,
      "hook",
      "the hook tells somebody else than this worker",
      "correct ORCHESTRATOR_URL in MediaMTX's environment, or the worker's --port"),
  HOOK_REFUSED(308, Level.FAIL, "hook", "this worker refuses the hook", null),
  HOOK_LOST(
      309,
      Level.FAIL,
      "hook",
      "the hook does not arrive",
      "look for mtx-hook in MediaMTX's log: it says why; ORCHESTRATOR_URL must be this worker's address as seen"
          + " from MediaMTX"),

  PUBLISH_REFUSED(
      401,
      Level.FAIL,
      "publish",
      "MediaMTX's authentication refuses a publisher of an input",
      "let publishers publish live/<id>/in in authInternalUsers; where they have a user of their own, give it in"
          + " doctor.publish-as"),
  PUBLISH_BUSY(
      402,
      Level.FAIL,
      "publish",
      "the name of the input is in use",
      "find out who publishes there: with overridePublisher: no nobody else can"),
  PUBLISH_CODEC(
      403,
      Level.FAIL,
      "publish",
      "the server does not take H.264 and AAC",
      "look at the server's log: MediaMTX takes both"),
  PUBLISH_FAILED(
      404,
      Level.FAIL,
      "publish",
      "the server ends the connection of a publisher",
      "look at MediaMTX's log: it says why it closed the connection"),
  PATH_NOT_READY(
      405,
      Level.FAIL,
      "publish",
      "a publisher is accepted, and its path does not become available",
      "look at MediaMTX's log"),
  READ_REFUSED(
      406,
      Level.FAIL,
      "read",
      "MediaMTX's authentication refuses the worker as a reader of an input",
      "give the worker's user or address the action read on live/<id>/in, or correct user and password in"
          + " --rtmp-url"),
  READ_FAILED(
      407,
      Level.FAIL,
      "read",
      "the worker cannot read an input",
      "look at MediaMTX's log; --input-url-template says where inputs are read"),

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
      "look into its log; if it is only slow, --measure-sts says which delay it needs"),
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
      "raise its limit to 10 MiB (maxHttpBufferSize, max_http_buffer_size), and that of a proxy before it"),

  OUTPUT_REFUSED(
      601,
      Level.FAIL,
      "output",
      "MediaMTX's authentication refuses the worker as a publisher of an output",
      "give the worker's user or address the action publish on live/<id>/out, or correct user and password in"
          + " --rtmp-url"),
  OUTPUT_BUSY(
      602,
      Level.FAIL,
      "output",
      "the name of the output is in use",
      "find out who publishes there, most likely another worker: with overridePublisher: no nobody else can"),
  OUTPUT_FAILED(
      603,
      Level.FAIL,
      "output",
      "the server ends the connection of the output",
      "look at MediaMTX's log: it says why it closed the connection"),
  OUTPUT_READ_REFUSED(
      604,
      Level.WARN,
      "viewer",
      "MediaMTX's authentication refuses the worker as a reader of an output",
      "give the worker's user or address the action read on live/<id>/out: else outputs are not read back"),
  OUTPUT_UNREADABLE(
      605,
      Level.FAIL,
      "viewer",
      "nothing of the output arrives at a viewer",
      "look at MediaMTX's log"),
  DESTINATION_UNREACHABLE(
      606,
      Level.FAIL,
      "destination",
      "a destination does not answer",
      "start it, or correct its URL; it is tried again and again, and other destinations go on");

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

  /** The fault of a Control API that answers a request with this status; 0 for no answer. */
  public static Code ofApi(int status) {
    return switch (status) {
      case 0 -> API_UNREACHABLE;
      case 401, 403 -> API_REFUSED;
      default -> API_FOREIGN;
    };
  }

  /** The code with a label; null when there is none, as of another version. */
  @JsonCreator
  static @Nullable Code of(String label) {
    return Arrays.stream(values())
        .filter(code -> code.label().equals(label))
        .findFirst()
        .orElse(null);
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
