package babelmux.stsecho.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class InOrderTest {
  @RepeatedTest(20)
  void anyOrderOfArrivalIsEmittedInOrder(RepetitionInfo repetition) {
    List<Integer> arrivals = new ArrayList<>(IntStream.range(0, 200).boxed().toList());
    arrivals.addAll(arrivals.subList(50, 100));
    Collections.shuffle(arrivals, new Random(repetition.getCurrentRepetition()));
    InOrder<Integer> order = new InOrder<>();
    List<Integer> emitted = new ArrayList<>();
    arrivals.forEach(number -> emitted.addAll(order.offer(number, number)));
    assertThat(emitted).isEqualTo(IntStream.range(0, 200).boxed().toList());
  }

  @Test
  void aHoleHoldsBackEverythingAboveIt() {
    InOrder<String> order = new InOrder<>();
    assertThat(order.offer(0, "a")).containsExactly("a");
    assertThat(order.offer(2, "c")).isEmpty();
    assertThat(order.offer(2, "again")).isEmpty();
    assertThat(order.offer(0, "old")).isEmpty();
    assertThat(order.offer(1, "b")).containsExactly("b", "c");
  }
}
