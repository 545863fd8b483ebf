package babelmux.worker.session;

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

class InTurnTest {

  @Test
  void tasksRunInTheirOrderOnAPoolOfMany() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      InTurn turns = new InTurn(pool);
      List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch all = new CountDownLatch(10_000);
      for (int n = 0; n < 10_000; n++) {
        int number = n;
        turns.execute(
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
    InTurn turns =
        new InTurn(
            task -> {
              if (!open[0]) {
                throw new RejectedExecutionException("closed");
              }
              taken.add(task);
            });
    List<String> ran = new ArrayList<>();

    assertThatThrownBy(() -> turns.execute(() -> ran.add("refused")))
        .isInstanceOf(RejectedExecutionException.class);
    open[0] = true;
    turns.execute(() -> ran.add("first"));
    turns.execute(() -> ran.add("second"));
    taken.forEach(Runnable::run);

    assertThat(ran).containsExactly("first", "second");
    assertThat(taken).hasSize(1);
  }

  @Test
  void aTaskThatThrowsAnErrorDoesNotStopTheNextOnes() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      InTurn turns = new InTurn(pool);
      CountDownLatch next = new CountDownLatch(2);
      turns.execute(
          () -> {
            throw new AssertionError("broken");
          });
      turns.execute(next::countDown);
      pool.submit(() -> {}).get(30, TimeUnit.SECONDS);
      turns.execute(next::countDown);
      assertThat(next.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aPoolThatCannotCreateItsThreadCostsOneTask() {
    boolean[] works = {false};
    InTurn turns =
        new InTurn(
            task -> {
              if (!works[0]) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              task.run();
            });
    List<String> ran = new ArrayList<>();
    assertThatThrownBy(() -> turns.execute(() -> ran.add("first")))
        .isInstanceOf(OutOfMemoryError.class);
    works[0] = true;
    turns.execute(() -> ran.add("second"));
    assertThat(ran).containsExactly("second");
  }

  @Test
  void withdrawnTasksDoNotRun() {
    List<Runnable> pool = new ArrayList<>();
    InTurn turns = new InTurn(pool::add);
    List<String> ran = new ArrayList<>();
    turns.execute(() -> ran.add("first"));
    turns.execute(() -> ran.add("second"));
    assertThat(turns.withdraw()).hasSize(2);
    pool.get(0).run();
    turns.execute(() -> ran.add("third"));
    pool.get(1).run();
    assertThat(ran).containsExactly("third");
  }
}
