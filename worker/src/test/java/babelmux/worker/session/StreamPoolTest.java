package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class StreamPoolTest {
  private final List<@Nullable String> names = new ArrayList<>();
  private final StreamPool pool = new StreamPool(Runnable::run, "demo");

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void aTasksLogNamesTheStreamAndTheNextTasksDoesNot() {
    pool.execute(() -> names.add(MDC.get("stream")));
    names.add(MDC.get("stream"));
    assertThat(names).containsExactly("demo", null);
  }

  @Test
  void whatTheThreadSaidBeforeIsSaidAgainAfterwards() {
    MDC.put("stream", "other");
    MDC.put("more", "kept");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                pool.execute(
                    () -> {
                      names.add(MDC.get("stream") + " " + MDC.get("more"));
                      throw new IllegalStateException("planned");
                    }));
    assertThat(names).containsExactly("demo kept");
    assertThat(MDC.getCopyOfContextMap()).containsOnlyKeys("stream", "more");
    assertThat(MDC.get("stream")).isEqualTo("other");
  }
}
