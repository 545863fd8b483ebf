package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacitySearchTest {

  private static List<Integer> run(CapacitySearch search, IntPredicate carried) {
    List<Integer> tried = new ArrayList<>();
    for (OptionalInt next = search.next(); next.isPresent(); next = search.next()) {
      tried.add(next.getAsInt());
      search.record(next.getAsInt(), carried.test(next.getAsInt()));
      assertThat(tried).as("ends").hasSizeLessThan(100);
    }
    return tried;
  }

  @Test
  void doublesThenBisectsAndTriesEachFailureTwice() {
    CapacitySearch search = new CapacitySearch(4, 200);
    assertThat(run(search, n -> n <= 11)).containsExactly(4, 8, 16, 16, 12, 12, 10, 11);
    assertThat(search.largestCarried()).isEqualTo(11);
    assertThat(search.smallestFailed()).hasValue(12);
  }

  @Test
  void oneFailureIsNoise() {
    List<Integer> failOnce = new ArrayList<>(List.of(8, 12));
    CapacitySearch search = new CapacitySearch(4, 200);
    run(search, n -> n <= 13 && !failOnce.remove((Integer) n));
    assertThat(search.largestCarried()).isEqualTo(13);
    assertThat(failOnce).isEmpty();
  }

  @Test
  void theLargestNumberIsTriedAndNoneAbove() {
    CapacitySearch search = new CapacitySearch(4, 10);
    assertThat(run(search, n -> true)).containsExactly(4, 8, 10);
    assertThat(search.largestCarried()).isEqualTo(10);
    assertThat(search.smallestFailed()).isEmpty();
    assertThat(run(new CapacitySearch(1, 1), n -> true)).containsExactly(1);
  }

  @Test
  void aMachineThatCarriesNothingEndsAtZero() {
    CapacitySearch search = new CapacitySearch(4, 200);
    assertThat(run(search, n -> false)).containsExactly(4, 4, 2, 2, 1, 1);
    assertThat(search.largestCarried()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1", "3", "4", "5", "17", "31", "32", "33", "63", "150", "199", "200"})
  void theResultIsWithinATwentiethBelowTheTruth(int truth) {
    CapacitySearch search = new CapacitySearch(4, 200);
    run(search, n -> n <= truth);
    assertThat(search.largestCarried())
        .isLessThanOrEqualTo(truth)
        .isGreaterThanOrEqualTo(truth - truth / 20);
  }

  @Test
  void aBeginningBeyondTheLargestIsRefused() {
    assertThatThrownBy(() -> new CapacitySearch(5, 4)).isInstanceOf(IllegalArgumentException.class);
  }
}
