package babelmux.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes {@code target/e2e/report.txt}, or {@code times.txt} there for the classes that measure
 * times: on its first line the servers and how many tests did not run for lack of MediaMTX, then
 * every test and what was measured. Any thread.
 */
public final class Report implements TestExecutionListener {
  private static final ConcurrentLinkedQueue<String> measured = new ConcurrentLinkedQueue<>();

  private final ConcurrentLinkedQueue<String> results = new ConcurrentLinkedQueue<>();
  private final AtomicInteger lacking = new AtomicInteger();
  private final Set<String> absent = ConcurrentHashMap.newKeySet();

  /** Keeps a value for the report. */
  static void measured(String what, Object value) {
    measured.add("  %s: %s".formatted(what, value));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest()) {
      return;
    }
    result
        .getThrowable()
        .filter(reason -> result.getStatus() == TestExecutionResult.Status.ABORTED)
        .map(reason -> String.valueOf(reason.getMessage()).replace("Assumption failed: ", ""))
        .filter(message -> !message.contains(Servers.LACKING))
        .ifPresent(absent::add);
    String status =
        switch (result.getStatus()) {
          case SUCCESSFUL -> "ok    ";
          case ABORTED -> "unrun ";
          case FAILED -> "FAIL  ";
        };
    if (result.getThrowable().map(Report::lacksServer).orElse(false)) {
      lacking.incrementAndGet();
    }
    results.add(
        status
            + test.getUniqueIdObject().getSegments().get(1).getValue()
            + ": "
            + test.getDisplayName());
  }

  private static boolean lacksServer(Throwable reason) {
    return String.valueOf(reason.getMessage()).contains(Servers.LACKING);
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    String servers =
        Servers.currentIsEmbedded()
            ? Servers.mediaMtx()
                .map(path -> "embedded origin, and MediaMTX (" + path + ") for the seven steps")
                .orElse("embedded origin")
            : "MediaMTX";
    String first =
        "%s; %d tests did not run for lack of the other server".formatted(servers, lacking.get());
    System.out.println("end to end on " + first);
    absent.stream().sorted().forEach(why -> System.out.println("not run: " + why));
    try {
      Files.write(
          Films.output().resolve(System.getProperty("e2e.report", "report.txt")),
          Stream.of(
                  List.of(first),
                  absent.stream().sorted().toList(),
                  results.stream().sorted().toList(),
                  List.copyOf(measured))
              .flatMap(List::stream)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
