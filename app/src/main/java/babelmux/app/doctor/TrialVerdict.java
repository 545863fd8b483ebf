package babelmux.app.doctor;

import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.Reading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges a publish and the reading of it. Pure. */
final class TrialVerdict {
  private TrialVerdict() {}

  /** Of an input. */
  static List<Finding> input(String path, PathTrial.Sight sight) {
    TestPublisher.Failure failure = sight.failure();
    List<Finding> findings = new ArrayList<>();
    if (failure != null) {
      Code code =
          switch (PublishFault.of(failure, sight.taken())) {
            case REFUSED -> Code.PUBLISH_REFUSED;
            case BUSY -> Code.PUBLISH_BUSY;
            case CODEC -> Code.PUBLISH_CODEC;
            case OTHER -> Code.PUBLISH_FAILED;
          };
      findings.add(Finding.of(code, text(path, failure)));
    } else if (!sight.ready()) {
      findings.add(Finding.of(Code.PATH_NOT_READY, notAvailable(path)));
    } else {
      findings.add(Finding.ok(Code.PUBLISH_FAILED.subject(), path + " was accepted"));
      findings.add(reading(path, sight.reading(), Code.READ_REFUSED, Code.READ_FAILED));
    }
    return findings;
  }

  /** Of an output. */
  static List<Finding> output(String path, PathTrial.Sight sight) {
    TestPublisher.Failure failure = sight.failure();
    List<Finding> findings = new ArrayList<>();
    if (failure != null) {
      Code code =
          switch (PublishFault.of(failure, sight.taken())) {
            case REFUSED -> Code.OUTPUT_REFUSED;
            case BUSY -> Code.OUTPUT_BUSY;
            case CODEC, OTHER -> Code.OUTPUT_FAILED;
          };
      findings.add(Finding.of(code, text(path, failure)));
    } else if (!sight.ready()) {
      findings.add(Finding.of(Code.OUTPUT_FAILED, notAvailable(path)));
    } else {
      findings.add(Finding.ok(Code.OUTPUT_FAILED.subject(), path + " was accepted"));
      findings.add(
          reading(path, sight.reading(), Code.OUTPUT_READ_REFUSED, Code.OUTPUT_UNREADABLE));
    }
    return findings;
  }

  private static String notAvailable(String path) {
    return "%s was accepted, and was not available after %s"
        .formatted(path, StsVerdict.seconds(PathTrial.LIMIT.toMillis()));
  }

  private static Finding reading(
      String path, @Nullable Reading reading, Code refused, Code failed) {
    if (reading == null || reading.ours()) {
      return Finding.unknown(
          failed.subject(),
          reading == null
              ? path + " was published for too short a time to be judged"
              : "%s could not be read: %s".formatted(path, reading.reason()));
    }
    if (reading.check() == OutputCheck.OK) {
      return Finding.ok(failed.subject(), path + " brings video and audio");
    }
    Code code = reading.check() == OutputCheck.UNKNOWN ? refused : failed;
    return Finding.of(code, "%s: %s".formatted(path, reading.text()));
  }

  private static String text(String path, TestPublisher.Failure failure) {
    return failure.sentMs() < 0
        ? "%s: %s".formatted(path, failure.message())
        : "%s was accepted and ended by the server after %.1f s: %s"
            .formatted(path, failure.sentMs() / 1e3, failure.message());
  }
}
