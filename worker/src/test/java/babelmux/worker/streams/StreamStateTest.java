package babelmux.worker.streams;

import static babelmux.worker.streams.StreamState.BUFFERING;
import static babelmux.worker.streams.StreamState.DRAINING;
import static babelmux.worker.streams.StreamState.ENDED;
import static babelmux.worker.streams.StreamState.FAILED;
import static babelmux.worker.streams.StreamState.LIVE;
import static babelmux.worker.streams.StreamState.STARTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StreamStateTest {

  @Test
  void theUsualLifeIsAllowed() {
    assertThat(STARTING.to(BUFFERING).to(LIVE).to(DRAINING).to(ENDED)).isEqualTo(ENDED);
  }

  @Test
  void aStreamThatWasBufferingWhenItsSourceEndedDrainsWithoutEverHavingBeenCalledLive() {
    assertThat(BUFFERING.to(DRAINING)).isEqualTo(DRAINING);
  }

  @Test
  void everyRunningStateMayFailAndFinalStatesStay() {
    for (StreamState state : StreamState.values()) {
      assertThat(state.next().contains(FAILED)).isEqualTo(!state.isFinal());
    }
    assertThat(Arrays.stream(StreamState.values()).filter(StreamState::isFinal))
        .containsExactly(ENDED, FAILED);
  }

  @Test
  void nothingGoesBackOrSkipsTheDrain() {
    assertThatThrownBy(() -> LIVE.to(ENDED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("LIVE to ENDED");
    assertThatThrownBy(() -> LIVE.to(BUFFERING)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> DRAINING.to(LIVE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ENDED.to(STARTING)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noStateFollowsItself() {
    for (StreamState state : StreamState.values()) {
      assertThat(state.next()).doesNotContain(state);
    }
  }
}
