package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.SourceDrop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceEventsTest {
  private final Map<StreamWarning, String> warnings = new EnumMap<>(StreamWarning.class);
  private final List<DropReason> dropped = new ArrayList<>();
  private final SessionListener listener =
      new SessionListener() {
        @Override
        public void warning(StreamWarning warning, @Nullable String text) {
          if (text == null) {
            warnings.remove(warning);
          } else {
            warnings.put(warning, text);
          }
        }

        @Override
        public void dropped(DropReason reason, long packets) {
          dropped.add(reason);
        }
      };

  @Test
  void tracksThatAreNotReadShowUntilTheNextConnection() {
    SourceEvents events = new SourceEvents(listener, kind -> {});
    events.ignored("audio track 3 (aac)", "only the first audio track is read");
    events.ignored("data track 4 (none)", "only video and audio are read");
    assertThat(warnings)
        .containsEntry(
            StreamWarning.TRACKS_IGNORED,
            "audio track 3 (aac) is not read: only the first audio track is read; "
                + "data track 4 (none) is not read: only video and audio are read");
    SourceEvents next = new SourceEvents(listener, kind -> {});
    assertThat(next).isNotSameAs(events);
    assertThat(warnings).isEmpty();
  }

  @Test
  void videoThatDoesNotComeShowsUntilItsKeyframe() {
    SourceEvents events = new SourceEvents(listener, kind -> {});
    events.noKeyframe("h264 video without a keyframe in the last 5 s: audio alone");
    assertThat(warnings).containsKey(StreamWarning.NO_VIDEO);
    events.noKeyframe(null);
    assertThat(warnings).isEmpty();
  }

  @Test
  void everyDropIsCountedWithItsReason() {
    SourceEvents events = new SourceEvents(listener, kind -> {});
    for (SourceDrop reason : SourceDrop.values()) {
      events.dropped(reason);
    }
    assertThat(dropped)
        .containsExactly(
            DropReason.BEFORE_KEYFRAME,
            DropReason.OTHER_TRACK,
            DropReason.SOUND_UNDECODABLE,
            DropReason.INVALID);
  }

  @Test
  void theReferenceNamesEveryReason() throws Exception {
    String row =
        Files.readAllLines(Path.of("..", "docs", "api.md")).stream()
            .filter(line -> line.startsWith("| `worker_packets_dropped_total`"))
            .findFirst()
            .orElseThrow();
    for (DropReason reason : DropReason.values()) {
      assertThat(row).contains("`" + reason.tag() + "`");
    }
  }
}
