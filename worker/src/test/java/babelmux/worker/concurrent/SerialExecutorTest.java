package babelmux.worker.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialExecutorTest {

  @Test
  void tasksRunInTheirOrderOnAPoolOfMany() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      SerialExecutor serial = new SerialExecutor(pool);
      List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch all = new CountDownLatch(10_000);
      for (int n = 0; n < 10_000; n++) {
        int number = n;
        serial.execute(
            () -> {
              ran.add(number);
              all.countDown();
            });
      }
      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(ran).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aRefusedTaskDoesNotRunLater() {
    List<Runnable> taken = new ArrayList<>();
    boolean[] open = {false};
    SerialExecutor serial =
        new SerialExecutor(
            task -> {
              if (!open[0]) {
                throw new RejectedExecutionException("closed");
              }
              taken.add(task);
            });
    List<String> ran = new ArrayList<>();

    assertThatThrownBy(() -> serial.execute(() -> ran.add("refused")))
        .isInstanceOf(RejectedExecutionException.class);
    open[0] = true;
    serial.execute(() -> ran.add("first"));
    serial.execute(() -> ran.add("second"));
    for (int turn = 0; turn < taken.size(); turn++) {
      taken.get(turn).run();
    }

    assertThat(ran).containsExactly("first", "second");
    assertThat(taken).as("others have their turn between").hasSize(2);
  }

  @Test
  void aTaskThatThrowsAnErrorDoesNotStopTheNextOnes() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      SerialExecutor serial = new SerialExecutor(pool);
      CountDownLatch next = new CountDownLatch(2);
      serial.execute(
          () -> {
            throw new AssertionError("broken");
          });
      serial.execute(next::countDown);
      pool.submit(() -> {}).get(30, TimeUnit.SECONDS);
      serial.execute(next::countDown);
      assertThat(next.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aPoolThatCannotCreateItsThreadCostsOneTask() {
    boolean[] works = {false};
    SerialExecutor serial =
        new SerialExecutor(
            task -> {
              if (!works[0]) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              task.run();
            });
    List<String> ran = new ArrayList<>();
    assertThatThrownBy(() -> serial.execute(() -> ran.add("first")))
        .isInstanceOf(OutOfMemoryError.class);
    works[0] = true;
    serial.execute(() -> ran.add("second"));
    assertThat(ran).containsExactly("second");
  }

  @Test
  void whatWasAcceptedWhileAnotherTaskWasRefusedRuns() {
    List<String> ran = new ArrayList<>();
    List<SerialExecutor> self = new ArrayList<>();
    SerialExecutor serial =
        new SerialExecutor(
            turn -> {
              self.get(0).execute(() -> ran.add("of another thread"));
              throw new RejectedExecutionException("full");
            });
    self.add(serial);
    assertThatThrownBy(() -> serial.execute(() -> ran.add("refused")))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(ran).containsExactly("of another thread");
  }

  @Test
  void withdrawnTasksDoNotRun() {
    List<Runnable> pool = new ArrayList<>();
    SerialExecutor serial = new SerialExecutor(pool::add);
    List<String> ran = new ArrayList<>();
    serial.execute(() -> ran.add("first"));
    serial.execute(() -> ran.add("second"));
    assertThat(serial.withdraw()).hasSize(2);
    pool.get(0).run();
    serial.execute(() -> ran.add("third"));
    pool.get(1).run();
    assertThat(ran).containsExactly("third");
  }

  @Test
  void whatWasAcceptedRunsAlthoughThePoolTakesNoMore() {
    List<Runnable> pool = new ArrayList<>();
    SerialExecutor serial =
        new SerialExecutor(
            turn -> {
              if (!pool.isEmpty()) {
                throw new RejectedExecutionException("shut down");
              }
              pool.add(turn);
            });
    List<String> ran = new ArrayList<>();
    serial.execute(() -> ran.add("first"));
    serial.execute(() -> ran.add("second"));
    pool.get(0).run();
    assertThat(ran).containsExactly("first", "second");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onTheCallersThreadWhenItMustRunAlways(boolean error) {
    List<String> ran = new ArrayList<>();
    SerialExecutor serial =
        new SerialExecutor(
            turn -> {
              if (error) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              throw new RejectedExecutionException("shut down");
            });
    serial.executeAlways(
        () -> {
          throw new AssertionError("broken");
        });
    serial.executeAlways(
        () -> {
          serial.executeAlways(() -> ran.add("second"));
          ran.add("first");
        });
    assertThat(ran).containsExactly("first", "second");
  }
}
