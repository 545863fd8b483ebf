package babelmux.app.doctor;

import babelmux.worker.config.DelayConfig;
import babelmux.worker.config.Durations;
import babelmux.worker.sound.Fit;
import babelmux.worker.sts.StsLinks;
import babelmux.worker.sts.StsReach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Findings about an STS, of what was seen of it. Pure. */
final class StsVerdict {
  private static final String AUTH_FAILED = "AUTH_FAILED";
  private static final String UNSUPPORTED_LANGUAGE = "UNSUPPORTED_LANGUAGE";
  private static final Pattern ABOUT_TOKENS =
      Pattern.compile("auth|token|key|forbidden|denied|credential", Pattern.CASE_INSENSITIVE);
  private static final long SEGMENT_MS = DelayConfig.SEGMENT.toMillis();
  private static final int LENGTH_PERCENT = 1;

  // A last frame of a codec.
  private static final long CODEC_SURPLUS_MS = 50;

  /** AAC of the best sources, with what its container adds. */
  private static final int HIGH_BIT_RATE = 320_000;

  private static final int CONTAINER_BYTES = 4_096;

  private final StsExpectation expected;
  private final List<Finding> findings = new ArrayList<>();

  private StsVerdict(StsExpectation expected) {
    this.expected = expected;
  }

  /** One finding for each fault; a single one that is OK when there is none. */
  static List<Finding> of(StsObservation seen, StsExpectation expected) {
    StsVerdict verdict = new StsVerdict(expected);
    verdict.judge(seen);
    return List.copyOf(verdict.findings);
  }

  private void judge(StsObservation seen) {
    if (seen.reach() instanceof StsReach.Failed failed) {
      findings.add(unreached(failed));
    } else if (seen.reach() instanceof StsReach.Connected connected) {
      messageLimit(connected.maxPayload(), seen.fragmentBytes());
    }
    if (seen.opening() != null) {
      opening(seen.opening());
    }
    if (seen.reply() != null) {
      reply(seen.reply(), seen.fragmentBytes());
    }
  }

  // --- the connection ---

  private Finding unreached(StsReach.Failed failed) {
    String address = expected.address();
    return switch (failed.kind()) {
      case UNKNOWN_HOST ->
          Finding.of(Code.STS_NAME, "%s: its name is not known here".formatted(address));
      case PORT_CLOSED -> Finding.of(Code.STS_PORT, "%s: connection refused".formatted(address));
      case NO_ANSWER ->
          Finding.of(
              Code.STS_UNREACHABLE,
              "%s does not answer%s (%s)"
                  .formatted(address, isSecure() ? ", or has no TLS" : "", failed.detail()));
      case CERTIFICATE ->
          Finding.of(
              Code.STS_CERTIFICATE,
              "the certificate of %s is not trusted (%s)".formatted(address, failed.detail()));
      case TLS ->
          Finding.of(
              Code.STS_TLS, "%s speaks no TLS there (%s)".formatted(address, failed.detail()));
      case NOT_HTTP ->
          Finding.of(
              Code.STS_PROTOCOL,
              "%s answers without HTTP (%s)".formatted(address, failed.detail()));
      case HTTP_STATUS -> status(failed);
      case NO_HANDSHAKE ->
          Finding.of(
              Code.STS_PROTOCOL,
              "%s opens a WebSocket and says nothing of Engine.IO".formatted(address));
      case SILENT_NAMESPACE ->
          Finding.of(
              Code.STS_NAMESPACE,
              "%s does not answer for the namespace %s".formatted(address, expected.namespace()));
      case TURNED_AWAY -> turnedAway(failed);
    };
  }

  private boolean isSecure() {
    return expected.address().startsWith("https:") || expected.address().startsWith("wss:");
  }

  private Finding status(StsReach.Failed failed) {
    String address = expected.address();
    int status = failed.httpStatus();
    return switch (status) {
      case 401, 403 ->
          Finding.of(Code.STS_TURNED_AWAY, "%s answers with status %d".formatted(address, status));
      case 502, 503, 504 ->
          Finding.of(
              Code.STS_UNREACHABLE,
              "%s answers with status %d: the service behind it is not there"
                  .formatted(address, status));
      default ->
          Finding.of(
              Code.STS_PROTOCOL,
              "%s answers with status %d, but not as Socket.IO does".formatted(address, status));
    };
  }

  private Finding turnedAway(StsReach.Failed failed) {
    String said = failed.detail();
    if (failed.code().equals(AUTH_FAILED)) {
      return token(said);
    } else if (!expected.namespace().equals("/")
        || said.toLowerCase(Locale.ROOT).contains("invalid namespace")) {
      return Finding.of(Code.STS_NAMESPACE, said);
    } else if (ABOUT_TOKENS.matcher(failed.code()).find()) {
      return token(said);
    }
    return Finding.of(Code.STS_TURNED_AWAY, said);
  }

  private Finding token(String said) {
    return Finding.of(
        Code.STS_TOKEN,
        "%s (%s)".formatted(said, expected.token() ? "sts.token is set" : "no sts.token is set"));
  }

  private void messageLimit(OptionalLong limit, long fragmentBytes) {
    long max = limit.orElse(0);
    long high = StsLinks.messageBytes(HIGH_BIT_RATE / 8 * 6 + CONTAINER_BYTES);
    if (max > 0 && max < fragmentBytes) {
      findings.add(
          Finding.of(
              Code.STS_MESSAGE_LIMIT,
              "the STS takes messages of at most %d bytes, a fragment of 6 s at 128 kbit/s has %d"
                  .formatted(max, fragmentBytes)));
    } else if (max > 0 && max < high) {
      findings.add(
          Finding.of(
              Code.STS_MESSAGE_LIMIT_TIGHT,
              "the STS takes messages of at most %d bytes, a fragment of 6 s at 320 kbit/s has %d"
                  .formatted(max, high)));
    }
  }

  // --- the session ---

  private void opening(StsOpening opening) {
    if (opening instanceof StsOpening.Refused refused) {
      findings.add(refused(refused));
    } else if (opening instanceof StsOpening.Unanswered silent) {
      findings.add(
          Finding.of(
              Code.STS_NO_READY,
              "no stream:ready %s after stream:init".formatted(seconds(silent.waitedMs()))));
    } else if (opening instanceof StsOpening.Lost lost) {
      findings.add(
          Finding.of(
              Code.STS_LOST,
              "the connection ended after stream:init (%s)".formatted(lost.detail())));
    } else if (opening instanceof StsOpening.Accepted accepted && accepted.voiceRefusal() != null) {
      findings.add(
          Finding.of(
              Code.STS_VOICE,
              "the STS does not know the voice %s (%s): it dubs with its default voice"
                  .formatted(expected.voice(), accepted.voiceRefusal())));
    }
  }

  private Finding refused(StsOpening.Refused refused) {
    if (refused.code().startsWith(UNSUPPORTED_LANGUAGE)) {
      return Finding.of(
          Code.STS_LANGUAGE,
          "the STS does not dub %s (%s)".formatted(expected.languages(), refused.detail()));
    } else if (refused.code().equals(AUTH_FAILED)) {
      return token(refused.detail());
    }
    return Finding.of(Code.STS_INIT_REFUSED, refused.detail());
  }

  // --- the test fragment ---

  private void reply(StsReply reply, long fragmentBytes) {
    if (reply instanceof StsReply.Dub dub) {
      dub(dub);
    } else if (reply instanceof StsReply.Unusable unusable) {
      findings.add(
          Finding.of(
              Code.STS_UNUSABLE,
              "the answer to the test fragment cannot be used: %s".formatted(unusable.problem())));
    } else if (reply instanceof StsReply.NoAudio none) {
      findings.add(
          Finding.of(
              Code.STS_SILENT,
              "the answer to the test fragment, after %s, has no audio"
                  .formatted(seconds(none.millis()))));
    } else if (reply instanceof StsReply.Late late) {
      findings.add(late(late));
    } else if (reply instanceof StsReply.Unanswered none) {
      findings.add(unanswered(none));
    } else if (reply instanceof StsReply.Failed failed) {
      findings.add(
          Finding.of(
              Code.STS_FRAGMENT_FAILED,
              "the test fragment failed with %s (%s)".formatted(failed.code(), failed.detail())));
    } else if (reply instanceof StsReply.Lost lost) {
      findings.add(
          Finding.of(
              Code.STS_LOST,
              "the connection ended after a fragment of %d bytes (%s)"
                  .formatted(fragmentBytes, lost.detail()),
              "look into the STS's log; a server that takes only shorter messages does this: raise its limit"
                  + " to 10 MiB"));
    }
  }

  /** It may still come in time where more time is left than doctor has. */
  private Finding unanswered(StsReply.Unanswered none) {
    String text =
        "the test fragment was not answered within %s, the limit is %s"
            .formatted(seconds(none.waitedMs()), Durations.format(expected.limit()));
    return none.waitedMs() < expected.limit().toMillis()
        ? Finding.unknown(
            Code.STS_NO_DUB.subject(), text + ": whether it comes in time is not known")
        : Finding.of(Code.STS_NO_DUB, text);
  }

  private Finding late(StsReply.Late late) {
    Duration needed = NeededDelay.of(Duration.ofMillis(late.millis()));
    return Finding.of(
        Code.STS_LATE,
        "the test fragment came back after %s, the limit is %s"
            .formatted(seconds(late.millis()), Durations.format(expected.limit())),
        "make the STS faster, or set --delay %s, which leaves a second of reserve"
            .formatted(Durations.format(needed)));
  }

  private void dub(StsReply.Dub dub) {
    long length = dub.soundMillis();
    if (length > Fit.ABSURD * SEGMENT_MS || length == 0) {
      findings.add(
          Finding.of(
              Code.STS_UNUSABLE,
              "the answer to the test fragment of 6 s has %s: a dub of that length is not used"
                  .formatted(seconds(length))));
    } else if (dub.silent()) {
      findings.add(
          Finding.of(
              Code.STS_SILENT,
              "the answer to the test fragment, after %s, is silent"
                  .formatted(seconds(dub.millis()))));
    } else if (isAnotherLength(length)) {
      findings.add(
          Finding.of(
              Code.STS_LENGTH,
              "the answer to the test fragment of 6 s has %s".formatted(seconds(length))));
    } else if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              "sts",
              "%s dubs %s: a test fragment came back after %d ms, the limit is %s"
                  .formatted(
                      expected.address(),
                      expected.languages(),
                      dub.millis(),
                      Durations.format(expected.limit()))));
    }
  }

  private static boolean isAnotherLength(long millis) {
    long off = Math.abs(millis - SEGMENT_MS);
    return 100 * off > LENGTH_PERCENT * SEGMENT_MS && off > CODEC_SURPLUS_MS;
  }

  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }
}
