package babelmux.app.doctor;

import babelmux.worker.config.Durations;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Says which delay an STS needs, of what it made of some fragments. Pure. */
final class StsMeasurement {
  private static final String SUBJECT = "sts pace";

  private StsMeasurement() {}

  /** The round trip of an answer that came, whatever is in it; empty when none came. */
  static OptionalLong millis(StsReply reply) {
    if (reply instanceof StsReply.Dub dub) {
      return OptionalLong.of(dub.millis());
    } else if (reply instanceof StsReply.Unusable unusable) {
      return OptionalLong.of(unusable.millis());
    } else if (reply instanceof StsReply.NoAudio none) {
      return OptionalLong.of(none.millis());
    }
    return OptionalLong.empty();
  }

  /**
   * @param replies in the order of the fragments; empty when there was no session for them
   */
  static Finding judge(List<StsReply> replies, StsExpectation expected) {
    long[] millis =
        replies.stream()
            .map(StsMeasurement::millis)
            .flatMapToLong(OptionalLong::stream)
            .sorted()
            .toArray();
    if (millis.length < replies.size() || millis.length == 0) {
      return Finding.of(
          Code.STS_MEASURE,
          "%d of %d fragments were not answered: %s"
              .formatted(replies.size() - millis.length, replies.size(), trouble(replies)));
    }
    long worst = millis[millis.length - 1];
    Duration needed = NeededDelay.of(Duration.ofMillis(worst));
    String seen =
        "%d fragments came back, half of them within %d ms, all within %d ms: this STS needs a delay of %s, and %s is set"
            .formatted(
                millis.length,
                millis[(millis.length - 1) / 2],
                worst,
                Durations.format(needed),
                Durations.format(expected.delay()));
    if (needed.compareTo(expected.delay()) > 0) {
      return Finding.of(
          Code.STS_DELAY,
          seen,
          "set --delay %s, or make the STS faster".formatted(Durations.format(needed)));
    }
    // A limit may be shorter than what the delay leaves.
    Duration left = expected.limit().minus(NeededDelay.RESERVE);
    return left.toMillis() >= worst
        ? Finding.ok(SUBJECT, seen)
        : Finding.of(
            Code.STS_DELAY,
            "%s, but with an sts.limit of %s".formatted(seen, Durations.format(expected.limit())),
            "do not set sts.limit: the delay leaves more");
  }

  private static String trouble(List<StsReply> replies) {
    return replies.stream()
        .filter(reply -> millis(reply).isEmpty())
        .findFirst()
        .map(StsMeasurement::words)
        .orElse("there was no second session");
  }

  private static String words(StsReply reply) {
    if (reply instanceof StsReply.Failed failed) {
      return "%s (%s)".formatted(failed.code(), failed.detail());
    } else if (reply instanceof StsReply.Lost lost) {
      return "the connection ended (%s)".formatted(lost.detail());
    } else if (reply instanceof StsReply.Unanswered none) {
      return "nothing came within %s".formatted(StsVerdict.seconds(none.waitedMs()));
    }
    return reply.toString();
  }
}
